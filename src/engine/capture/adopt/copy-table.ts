import {join} from 'node:path';
import {NAME_BYTES} from '../../../config/conninfo/conninfo.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {formatRelation, quoteRelation, sameRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {readFiringTriggers} from '../../../pg/capture/reverse.ts';
import {copyAgainScript, readRestFacts, type CopyingAgain} from '../../../pg/cutover/rest-tables.ts';
import {readOwnPid} from '../../../pg/load/backends.ts';
import {readDataColumns} from '../../../pg/load/copy-data.ts';
import type {Session} from '../../../pg/session/session.ts';
import {sessionName} from '../../load/host/lane-name.ts';
import {maySetReplicationRole} from '../../preflight/servers/check-target.ts';
import {schemaFolder} from '../../schema/copy/dump-schema.ts';
import type {StepContext} from '../../step.ts';
import {pipeScript} from '../../tools/pipe-script.ts';

/** What the session is for that holds the slot: without it nothing of the copy is written any more. */
export const HOLDING = 'adopt-hold';

const DAY_MS = 24 * 60 * 60_000;

/** Copies a table as a snapshot of the source has it; all that the target has of it goes, in the same transaction. Foreign keys and triggers do not fire. */
export async function copyTable(
  ctx: StepContext,
  table: RelationName,
  {snapshot, holds}: {readonly snapshot: string; readonly holds: Session},
): Promise<void> {
  const {pid} = await holds.one(readOwnPid());
  await pipeScript(ctx, {
    file: join(schemaFolder(ctx), 'adopt.sql'),
    text: await scriptFor(ctx, table, {pid, snapshot}),
    servers: ctx.config.servers,
    applicationName: sessionName(ctx.config.run, 'adopt'),
    limitMs: DAY_MS,
    purpose: `copy ${formatRelation(table)}`,
  });
}

/** What is run on the source to print the table as SQL for the target. Reads both servers. Throws where it would fire what it must not. */
export async function scriptFor(
  ctx: StepContext,
  table: RelationName,
  {pid, snapshot}: Pick<CopyingAgain, 'pid'> & {readonly snapshot: string},
): Promise<string> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const [columns] = await source.run(readDataColumns(source.version, [table]));
  if (columns === undefined) throw new Error(`bug: ${quoteRelation(table)} is gone`);
  // Not there yet, it is made before the copy, without anything that could be in the way.
  const [there] = await target.run(readRestFacts(target.version, [table]));
  const asReplica = await maySetReplicationRole(target);
  if (!asReplica && there?.hasTriggers === true)
    throw new LonghaulError({
      code: 'failed',
      message: `${formatRelation(table)} has triggers or foreign keys on the target, which would fire while it is copied, for our role may not set session_replication_role`,
      remedy: 'longhaul cutover --check has the statement that allows it; then give the command again',
    });
  const firing = await target.run(readFiringTriggers([table]));
  return copyAgainScript(
    source.version,
    [
      {
        table: columns,
        remove: there === undefined || there.mayTruncate ? 'truncate' : 'delete',
        take: null,
        firing: firing.filter((trigger) => sameRelation(trigger, table)),
      },
    ],
    {
      pid,
      applicationName: sessionName(ctx.config.run, HOLDING).slice(0, NAME_BYTES),
      asReplica,
      limitMs: DAY_MS,
      lockMs: ctx.config.timeouts.lockMs,
      snapshot,
    },
  );
}

import {join} from 'node:path';
import {serversOf} from '../../back/mirrored.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {formatRelation, quoteRelation, sameRelation} from '../../../domain/pg/relation.ts';
import {readFiringTriggers} from '../../../pg/capture/reverse.ts';
import {readRowsAlike} from '../../../pg/cutover/multiset.ts';
import {copyAgainScript, type CopiedTable} from '../../../pg/cutover/rest-tables.ts';
import {readDataColumns} from '../../../pg/load/copy-data.ts';
import {maySetReplicationRole} from '../../preflight/servers/check-target.ts';
import type {StepContext} from '../../step.ts';
import {pipeScript} from '../../tools/pipe-script.ts';
import type {Pair} from '../final/lanes.ts';
import type {RestCompared} from './compare-rest.ts';
import {bucketsOf, differenceOf, differingBuckets, isMended} from './choose-way.ts';
import {copyingName, type Copying} from './sessions.ts';

/** Copies these tables again, each in a transaction of its own. Gives how, table by table. */
export async function copyTables(
  ctx: StepContext,
  differing: readonly RestCompared[],
  copying: Copying,
): Promise<ReadonlyMap<RestCompared, 'whole' | 'difference'>> {
  const [pair] = copying.sessions.pairs;
  if (pair === undefined || differing.length === 0) return new Map();
  const asReplica = await maySetReplicationRole(pair.target);
  // The side that was left refuses writes by triggers.
  const fires = asReplica ? [] : differing.filter(({rest}) => ctx.isBack === true || rest.target?.hasTriggers === true);
  if (fires.length > 0) throw mayNotBeReplica(fires.map(({rest}) => formatRelation(rest.table)));
  const tables = await chooseRows(pair, differing, copying);
  await pipe(ctx, tables, {asReplica, ...copying});
  return new Map(
    differing.map((one, at) => [one, Array.isArray(tables[at]?.remove) ? 'difference' : 'whole'] as const),
  );
}

function mayNotBeReplica(names: readonly string[]): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `these have triggers or foreign keys on the target, which would fire while they are copied again, for our role may not set session_replication_role: ${names.join(', ')}`,
    remedy: 'longhaul cutover --check has the statement that allows it; then longhaul cutover',
  });
}

/** What is copied of each, in their order. */
async function chooseRows(
  {source, target}: Pair,
  differing: readonly RestCompared[],
  {dialect, deadline}: Copying,
): Promise<CopiedTable[]> {
  const names = differing.map(({rest}) => rest.table);
  const columns = await source.run(readDataColumns(source.version, names));
  const firing = await target.run(readFiringTriggers(names));
  const chosen: CopiedTable[] = [];
  for (const one of differing) {
    const table = columns.find((known) => sameRelation(known, one.rest.table));
    if (table === undefined) throw new Error(`bug: ${quoteRelation(one.rest.table)} is gone though it is locked`);
    const all = {
      table,
      remove: one.rest.target?.mayTruncate === true ? ('truncate' as const) : ('delete' as const),
      take: null,
      firing: firing.filter((trigger) => sameRelation(trigger, one.rest.table)),
    };
    const isSmallDifference = isMended({bytes: one.pair.bytes}, one.source, one.target);
    chosen.push(
      isSmallDifference ? {...all, ...(await readDifference({source, target}, one, {dialect, deadline}))} : all,
    );
  }
  return chosen;
}

async function readDifference(
  {source, target}: Pair,
  {pair: {table, columns}, ...compared}: RestCompared,
  {dialect, deadline}: Pick<Copying, 'dialect' | 'deadline'>,
): Promise<Pick<CopiedTable, 'take' | 'remove'>> {
  const buckets = differingBuckets(compared.source, compared.target);
  const statement = readRowsAlike({table, columns}, dialect, {buckets, of: bucketsOf(compared.rest.source)});
  const limits = {timeoutMs: deadline.left()};
  const [own, there] = await Promise.all([source.run(statement, limits), target.run(statement, limits)]);
  return differenceOf(own, there);
}

async function pipe(
  ctx: StepContext,
  tables: readonly CopiedTable[],
  {asReplica, sessions, deadline}: Copying & {readonly asReplica: boolean},
): Promise<void> {
  const source = await ctx.session('source');
  const limitMs = deadline.left();
  const lockMs = Math.min(limitMs, ctx.config.timeouts.lockMs);
  const names = tables.map(({table}) => formatRelation(table));
  await pipeScript(ctx, {
    file: join(ctx.folder.path, 'copy-the-rest.sql'),
    text: copyAgainScript(source.version, tables, {...sessions.claim, asReplica, limitMs, lockMs}),
    servers: serversOf(ctx),
    applicationName: copyingName(ctx),
    limitMs,
    purpose: `copy ${names.slice(0, 10).join(', ')} again`,
  });
}

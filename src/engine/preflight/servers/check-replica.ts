import type {Finding} from '../../../domain/run/finding.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {RECEIVER_LOST, WITHOUT_RECEIVER} from '../../../domain/reading/receiver-lost.ts';
import {lsnDistance} from '../../../domain/pg/lsn.ts';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import {formatBytes} from '../../../domain/base/units.ts';
import {setList} from '../../../pg/session/alter-system.ts';
import type {ReplicaPosition} from '../../../pg/replication/replica.ts';
import {readReplayRights, readRoleRights} from '../../../pg/roles/rights.ts';
import {readSettings} from '../../../pg/session/settings.ts';
import {readPrimaryPosition, type PrimaryPosition} from '../../../pg/replication/slots.ts';
import {maybe, pick} from '../../../pg/session/versions.ts';
import type {StepContext} from '../../step.ts';
import {found} from '../found.ts';
import {readStreaming} from './read-streaming.ts';

/** The maintenance replica: a standby of this very source, that we may pause and that nobody else has paused. */
export async function checkReplica(ctx: StepContext): Promise<Finding[]> {
  const [source, replica] = [await ctx.session('source'), await ctx.session('replica')];
  const {role} = await replica.one(readRoleRights(replica.version));
  return judgeReplica({
    version: replica.version,
    role,
    primary: await source.one(readPrimaryPosition(source.version)),
    ...(await readStreaming(ctx)),
    rights: await replica.one(readReplayRights(replica.version)),
    settings: new Map(
      (await replica.run(readSettings(['hot_standby_feedback', 'max_standby_streaming_delay']))).map(
        ({name, value}) => [name, value],
      ),
    ),
    pausedByUs: ctx.state().replayPaused,
  });
}

/** What was seen of the replica. */
export interface ReplicaSeen {
  readonly version: ServerVersion;
  readonly role: string;
  readonly primary: PrimaryPosition;
  readonly position: ReplicaPosition;
  /** Whether it receives WAL by streaming; null where neither server tells. */
  readonly receiving: boolean | null;
  readonly rights: {readonly mayPause: boolean; readonly mayResume: boolean};
  readonly settings: ReadonlyMap<string, string>;
  readonly pausedByUs: boolean;
}

/** A gap of more than this should be known before the pause. */
const BEHIND_BYTES = 1024 ** 3;

const {blocker, warning, note} = found('replica');

/** Pure. */
export function judgeReplica(seen: ReplicaSeen): Finding[] {
  const {position, primary, settings} = seen;
  const behind = position.replayLsn === null ? null : lsnDistance(position.replayLsn, primary.flushLsn);
  const findings: Finding[] = [];
  if (position.paused && !seen.pausedByUs)
    findings.push(
      blocker(
        'paused',
        'replay is paused already, by somebody else',
        `find out by whom, and whether it may go on; on the replica, as superuser: SELECT ${pick('resumeReplay', seen.version)}`,
      ),
    );
  if (!seen.rights.mayPause || !seen.rights.mayResume) findings.push(mayNotPause(seen));
  findings.push(...judgeStreaming(seen));
  if (settings.get('hot_standby_feedback') === 'on')
    findings.push(
      warning(
        'feedback',
        'hot_standby_feedback is on: the oldest snapshot of the load holds back vacuum on the primary for days',
        `on the replica, as superuser: ${setList('hot_standby_feedback', ['off'])}; SELECT pg_reload_conf(); queries of others there may then be cancelled while it replays (max_standby_streaming_delay)`,
      ),
    );
  if (!seen.pausedByUs && behind !== null && behind > BEHIND_BYTES)
    findings.push(
      warning(
        'behind',
        `it is ${formatBytes(behind)} behind the source`,
        'let it catch up; the run waits for it before the pause, as long as timeouts.pause',
      ),
    );
  findings.push(
    note(
      'delay',
      `max_standby_streaming_delay is ${settings.get('max_standby_streaming_delay')}; a paused replica cancels nothing`,
    ),
  );
  return findings;
}

/** The receive position outlives its receiver. One that this run has paused has its P all the same. Pure. */
export function judgeStreaming({
  position,
  receiving,
  pausedByUs,
}: Pick<ReplicaSeen, 'position' | 'receiving' | 'pausedByUs'>): Finding[] {
  if (position.receiveLsn !== null && receiving !== false) return [];
  if (pausedByUs) return [warning('receiver-lost', RECEIVER_LOST, WITHOUT_RECEIVER)];
  const first = position.paused ? 'resume replay first, for a paused standby starts no receiver; ' : '';
  return [
    blocker(
      'not-streaming',
      'it receives nothing by streaming: it follows from an archive, or its connection to the primary is down',
      `${first}let it stream from the source, so that nothing is missing when it goes on after days: see its log, primary_conninfo (before 12 in its recovery.conf) and pg_stat_wal_receiver`,
    ),
  ];
}

function mayNotPause({version, role}: ReplicaSeen): Finding {
  const [pause, resume] = [pick('pauseReplay', version), pick('resumeReplay', version)];
  return blocker(
    'may-not-pause',
    `role ${role} may not pause and resume replay`,
    maybe('replayRight', version) === null
      ? `before 9.6 only a superuser may; on the source, as superuser: ALTER ROLE ${quoteIdentifier(role)} SUPERUSER; or name another role in \`replica\` of longhaul.yaml`
      : `on the source, as superuser, in this database: GRANT EXECUTE ON FUNCTION ${pause}, ${resume} TO ${quoteIdentifier(role)}; the replica follows the source`,
  );
}

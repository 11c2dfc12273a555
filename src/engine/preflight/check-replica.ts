import type {Finding} from '../../domain/finding.ts';
import {quoteIdentifier} from '../../domain/identifier.ts';
import {lsnDistance} from '../../domain/lsn.ts';
import type {ServerVersion} from '../../domain/server-version.ts';
import {formatBytes} from '../../domain/units.ts';
import {readReplicaPosition, type ReplicaPosition} from '../../pg/replica.ts';
import {readReplayRights, readRoleRights} from '../../pg/rights.ts';
import {readSettings} from '../../pg/settings.ts';
import {readPrimaryPosition, type PrimaryPosition} from '../../pg/slots.ts';
import {pick} from '../../pg/versions.ts';
import type {StepContext} from '../step.ts';

/** The maintenance replica: a standby of this very source, that we may pause and that nobody else has paused. */
export async function checkReplica(ctx: StepContext): Promise<Finding[]> {
  const [source, replica] = [await ctx.session('source'), await ctx.session('replica')];
  const position = await replica.one(readReplicaPosition(replica.version));
  if (!position.inRecovery)
    return [
      blocker(
        'not-a-standby',
        'it is not in recovery: a primary, or promoted',
        '`replica` in longhaul.yaml must name a streaming standby of the source',
      ),
    ];
  const {role} = await replica.one(readRoleRights(replica.version));
  return judgeReplica({
    version: replica.version,
    role,
    primary: await source.one(readPrimaryPosition(source.version)),
    position,
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
  readonly rights: {readonly mayPause: boolean; readonly mayResume: boolean};
  readonly settings: ReadonlyMap<string, string>;
  readonly pausedByUs: boolean;
}

/** A gap of more than this wants a look before the pause. */
const BEHIND_BYTES = 1024 ** 3;

/** Pure. */
export function judgeReplica(seen: ReplicaSeen): Finding[] {
  const {position, primary, settings} = seen;
  const [pause, resume] = [pick('pauseReplay', seen.version), pick('resumeReplay', seen.version)];
  const behind = position.replayLsn === null ? null : lsnDistance(position.replayLsn, primary.flushLsn);
  const role = quoteIdentifier(seen.role);
  const found: (Finding | null)[] = [
    position.systemIdentifier !== primary.systemIdentifier
      ? blocker(
          'other-cluster',
          `its system identifier is ${position.systemIdentifier}, the source's ${primary.systemIdentifier}`,
          '`source` and `replica` must name a primary and its own standby',
        )
      : null,
    position.paused && !seen.pausedByUs
      ? blocker(
          'paused',
          'replay is paused already, by somebody else',
          `find out by whom; then SELECT ${resume} on the replica`,
        )
      : null,
    seen.rights.mayPause && seen.rights.mayResume
      ? null
      : blocker(
          'may-not-pause',
          `role ${seen.role} may not pause and resume replay`,
          `on the source, as superuser, in this database: GRANT EXECUTE ON FUNCTION ${pause}, ${resume} TO ${role}`,
        ),
    settings.get('hot_standby_feedback') === 'on'
      ? warning(
          'feedback',
          'hot_standby_feedback is on: while it stands, the oldest snapshot of the load holds back vacuum on the primary for days',
          'ALTER SYSTEM SET hot_standby_feedback = off; SELECT pg_reload_conf() on the replica',
        )
      : null,
    !seen.pausedByUs && behind !== null && behind > BEHIND_BYTES
      ? warning(
          'behind',
          `it is ${formatBytes(behind)} behind the source`,
          'let it catch up; the run waits for it before the pause, as long as timeouts.pause',
        )
      : null,
    {
      check: 'replica.delay',
      severity: 'note',
      subject: 'replica',
      seen: `max_standby_streaming_delay is ${settings.get('max_standby_streaming_delay')}; a paused replica cancels nothing`,
      remedy: '',
    },
  ];
  return found.filter((finding) => finding !== null);
}

function blocker(check: string, seen: string, remedy: string): Finding {
  return {check: `replica.${check}`, severity: 'blocker', subject: 'replica', seen, remedy};
}

function warning(check: string, seen: string, remedy: string): Finding {
  return {check: `replica.${check}`, severity: 'warning', subject: 'replica', seen, remedy};
}

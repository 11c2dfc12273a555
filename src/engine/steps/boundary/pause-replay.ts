import {fenceBroken} from '../../../domain/pg/boundary.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {compareLsn, type Lsn} from '../../../domain/pg/lsn.ts';
import {formatDuration} from '../../../domain/base/units.ts';
import {
  pauseReplay as pauseStatement,
  readReplicaPosition,
  resumeReplay,
  type ReplicaPosition,
} from '../../../pg/replication/replica.ts';
import {renderStatement} from '../../../pg/session/statement.ts';
import {anchorPositions, earliestBoundary} from '../../capture/anchor-positions.ts';
import {endLanes} from '../../load/end-lanes.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import {pauseClearOfLocks} from './pause-clear-of-locks.ts';
import type {Step, StepContext} from '../../step.ts';
import {waitUntil} from '../../waiting/wait-until.ts';

/** Pauses replay on the maintenance replica, once it has replayed everything that P must not lie before. */
export const pauseReplay: Step<'pause-replay'> = {
  id: 'pause-replay',
  phase: 'anchor',
  title: 'pause replay on the replica',
  why: 'every session of a paused replica sees the same rows, for days, without holding anything on the primary',
  source: 'runbook, step 5',
  confirm: 'typed',

  async check(ctx) {
    const over = await checkAfterLoad(ctx);
    if (over !== null) return over;
    const position = await look(ctx);
    if (!position.inRecovery) return {done: null, findings: [notStandby]};
    const behind = standsBehind(ctx, position);
    if (behind !== null) return {done: null, findings: [], question: goOnFirst(position, behind)};
    return {done: position.paused ? {replayLsn: position.replayLsn, clock: position.clock} : null, findings: []};
  },

  async statements(ctx) {
    const replica = await ctx.session('replica');
    const pause = {on: 'replica', action: renderStatement(pauseStatement(replica.version))} as const;
    if (standsBehind(ctx, await look(ctx)) === null) return [pause];
    return [{on: 'replica', action: renderStatement(resumeReplay(replica.version))}, pause];
  },

  async run(ctx) {
    const {boundary} = ctx.state();
    // Their dumps would hold replay up, and at the old P they can no longer commit.
    if (boundary !== null && fenceBroken(boundary, await look(ctx)) !== null) {
      await endLanes(ctx, {how: 'boundary', by: 'run'});
    }
    const earliest = earliestBoundary(anchorPositions(ctx.state()));
    const replica = await ctx.session('replica');
    if (standsBehind(ctx, await look(ctx)) !== null) {
      await replica.run(resumeReplay(replica.version));
      await ctx.record({type: 'replay.resumed', by: 'run'});
    }
    if (earliest !== null) await waitForReplay(ctx, earliest);
    const paused = await pauseClearOfLocks(ctx, {
      pause: async () => {
        // The word first: whoever dies after the statement has left a pause that this run resumes. One that was there before is somebody's.
        await ctx.record({type: 'replay.paused', by: 'run'});
        await replica.run(pauseStatement(replica.version));
        return waitForPause(ctx);
      },
      resume: async () => {
        await replica.run(resumeReplay(replica.version));
        await ctx.record({type: 'replay.resumed', by: 'run'});
      },
    });
    return {replayLsn: paused.replayLsn, waitedFor: earliest, clock: paused.clock};
  },

  async undo(ctx) {
    const position = await look(ctx);
    if (!position.paused || !ctx.state().replayPaused) return {resumedReplay: false};
    const replica = await ctx.session('replica');
    await replica.run(resumeReplay(replica.version));
    await ctx.record({type: 'replay.resumed', by: 'abort'});
    return {resumedReplay: true};
  },
};

const notStandby = {
  check: 'pause-replay.not-a-standby',
  severity: 'blocker',
  subject: 'replica',
  seen: 'the server is not in recovery: it is a primary, or was promoted',
  remedy:
    'let `replica` in longhaul.yaml name a streaming standby of the source, made anew where there is none; then run again',
} as const;

/** Where the slots and sets are complete, if the replica is paused before that: a P there would lose changes, and it never gets on. */
function standsBehind(ctx: StepContext, {paused, replayLsn}: ReplicaPosition): Lsn | null {
  const earliest = earliestBoundary(anchorPositions(ctx.state()));
  if (!paused || replayLsn === null || earliest === null) return null;
  return compareLsn(replayLsn, earliest) < 0 ? earliest : null;
}

function goOnFirst({replayLsn}: ReplicaPosition, earliest: Lsn): string {
  return `The replica is paused at ${replayLsn}, before the slots and sets were complete at ${earliest}: changes between them would be lost. Let it replay until then, and pause it again?`;
}

async function look(ctx: StepContext): Promise<ReplicaPosition> {
  const replica = await ctx.session('replica');
  return replica.one(readReplicaPosition(replica.version));
}

async function waitForReplay(ctx: StepContext, earliest: Lsn): Promise<void> {
  const reached = await waitUntil(ctx, ctx.config.timeouts.pauseMs, async () => {
    const {replayLsn} = await look(ctx);
    return replayLsn !== null && compareLsn(replayLsn, earliest) >= 0 ? replayLsn : null;
  });
  if (reached !== null) return;
  const {replayLsn} = await look(ctx);
  throw new LonghaulError({
    code: 'failed',
    message: `the replica has replayed to ${replayLsn ?? 'nothing'} and not yet to ${earliest}, where the slots and sets are complete; paused now, P would lose changes`,
    remedy:
      'see that it streams from the source and catches up (pg_stat_wal_receiver, pg_stat_replication), then run again; timeouts.pause is how long the run waits for it',
  });
}

async function waitForPause(ctx: StepContext): Promise<ReplicaPosition> {
  const limitMs = ctx.config.timeouts.pauseMs;
  const paused = await waitUntil(ctx, limitMs, async () => {
    const position = await look(ctx);
    return position.paused ? position : null;
  });
  if (paused !== null) return paused;
  throw new LonghaulError({
    code: 'failed',
    message: `replay did not pause within ${formatDuration(limitMs)} of the request; the request stands`,
    remedy:
      'a query on the replica may hold replay up (pg_stat_activity, max_standby_streaming_delay): end it, then run again',
  });
}

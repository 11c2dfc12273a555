import {fenceBroken} from '../../domain/boundary.ts';
import {LonghaulError} from '../../domain/longhaul-error.ts';
import {compareLsn, type Lsn} from '../../domain/lsn.ts';
import {formatDuration} from '../../domain/units.ts';
import {
  pauseReplay as pauseStatement,
  readReplicaPosition,
  resumeReplay,
  type ReplicaPosition,
} from '../../pg/replica.ts';
import {renderStatement} from '../../pg/statement.ts';
import {anchorPositions, earliestBoundary} from '../anchor-positions.ts';
import {endLanes} from '../load/end-lanes.ts';
import {checkAfterLoad} from '../load-is-over.ts';
import type {Step, StepContext} from '../step.ts';
import {waitUntil} from '../wait-until.ts';

/** Pauses replay on the maintenance replica, once it has replayed everything that P must not lie before. */
export const pauseReplay: Step = {
  id: 'pause-replay',
  phase: 'anchor',
  title: 'pause replay on the replica',
  why: 'every session of a paused replica sees the same rows, for days, without holding anything on the primary',
  source: 'runbook, step 5',
  confirm: 'typed',

  async check(ctx) {
    const over = checkAfterLoad(ctx.state());
    if (over !== null) return over;
    const position = await look(ctx);
    if (!position.inRecovery) return {done: null, findings: [notStandby]};
    return {done: position.paused ? {replayLsn: position.replayLsn, clock: position.clock} : null, findings: []};
  },

  async statements(ctx) {
    const replica = await ctx.session('replica');
    return [{on: 'replica', action: renderStatement(pauseStatement(replica.version))}];
  },

  async run(ctx) {
    const {boundary} = ctx.state();
    // Their dumps would hold replay up, and at the old P they can no longer commit.
    if (boundary !== null && fenceBroken(boundary, await look(ctx)) !== null) {
      await endLanes(ctx, {how: 'boundary', by: 'run'});
    }
    const earliest = earliestBoundary(anchorPositions(ctx.state()));
    if (earliest !== null) await waitForReplay(ctx, earliest);
    const replica = await ctx.session('replica');
    await replica.run(pauseStatement(replica.version));
    const paused = await waitForPause(ctx);
    await ctx.record({type: 'replay.paused', by: 'run'});
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
  remedy: '`replica` in longhaul.yaml must name a streaming standby of the source',
} as const;

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

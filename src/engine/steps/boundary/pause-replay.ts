import {fenceBroken} from '../../../domain/pg/boundary.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {compareLsn, type Lsn} from '../../../domain/pg/lsn.ts';
import {formatDuration} from '../../../domain/base/units.ts';
import {readSnapshotHolders} from '../../../pg/replication/blockers.ts';
import {
  pauseReplay as pauseStatement,
  readReplicaPosition,
  resumeReplay,
  type ReplicaPosition,
} from '../../../pg/replication/replica.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import type {Statement} from '../../../pg/session/statement.ts';
import {anchorPositions, earliestBoundary} from '../../capture/anchor-positions.ts';
import {planEndOfOldLanes} from './end-old-lanes.ts';
import {judgeStreaming} from '../../preflight/servers/check-replica.ts';
import {readStreaming} from '../../preflight/servers/read-streaming.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import {isHoldingLocks, pauseClearOfLocks} from './pause-clear-of-locks.ts';
import type {Action} from '../../action.ts';
import {executeAll, remark, statementAction} from '../../make-action.ts';
import type {Step, StepContext} from '../../step.ts';
import {waitUntil} from '../../waiting/wait-until.ts';
import {whileWatching, type Wait} from '../../waiting/watch-blockers.ts';

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
    const position = await readPosition(ctx);
    if (!position.inRecovery) return {done: null, findings: [notStandby]};
    const behind = isBehind(ctx, position);
    if (behind !== null) return {done: null, findings: [], question: goOnFirst(position, behind)};
    // Paused by hand, or by a supervisor that was killed before it had looked.
    const {boundary} = ctx.state();
    const isAtP = boundary !== null && fenceBroken(boundary, position) === null;
    if (!isAtP) {
      const findings = await checkStreaming(ctx);
      if (findings.length > 0) return {done: null, findings};
      if (position.paused && (await isHoldingLocks(ctx))) return {done: null, findings: []};
    }
    return {done: position.paused ? {replayLsn: position.replayLsn, clock: position.clock} : null, findings: []};
  },

  async plan(ctx) {
    const position = await readPosition(ctx);
    const {boundary} = ctx.state();
    const pause = await pausing(ctx);
    const resume = await resuming(ctx, 'run');
    return [
      // Their dumps would hold replay up, and at the old P they can no longer commit.
      ...(boundary === null || fenceBroken(boundary, position) === null ? [] : planEndOfOldLanes(ctx)),
      ...(isBehind(ctx, position) === null ? [] : [resume]),
      pause,
      clearOfLocks(ctx, {pause, resume}),
    ];
  },

  async run(ctx) {
    await executeAll(await this.plan(ctx));
    const {replayLsn, clock} = await waitForPause(ctx);
    return {replayLsn, waitedFor: earliestOf(ctx), clock};
  },

  async undo(ctx) {
    if (!ctx.state().replayPaused || !(await readPosition(ctx)).inRecovery) return {resumedReplay: false};
    // From 14 on one that was only asked to pause does not say that it is paused, and would pause behind our back.
    await (await resuming(ctx, 'abort')).execute();
    return {resumedReplay: true};
  },
};

/** Waits until the replica has replayed what P must not lie before, and pauses it. */
async function pausing(ctx: StepContext): Promise<Action> {
  const {version} = await ctx.session('replica');
  const pause = onReplica(ctx, pauseStatement(version));
  const earliest = earliestOf(ctx);
  const execute = async (): Promise<void> => {
    if (earliest !== null) await waitForReplay(ctx, earliest);
    // The word first: whoever dies after the statement has left a pause that this run resumes. One that was there before is somebody's.
    await ctx.record({type: 'replay.paused', by: 'run'});
    await pause.execute();
    await waitForPause(ctx);
  };
  return {
    ...pause,
    text: earliest === null ? pause.text : remark(`once it has replayed ${earliest}`, pause.text),
    execute,
  };
}

async function resuming(ctx: StepContext, by: 'run' | 'abort'): Promise<Action> {
  const {version} = await ctx.session('replica');
  const resume = onReplica(ctx, resumeReplay(version));
  const execute = async (): Promise<void> => {
    await resume.execute();
    await ctx.record({type: 'replay.resumed', by});
  };
  return {...resume, execute};
}

/** Only where a table is locked: whoever reads the plan knows the two statements, and when they come. */
function clearOfLocks(ctx: StepContext, {pause, resume}: {pause: Action; resume: Action}): Action {
  const when = 'only where a transaction of the source locks a table: goes on until that ends, and pauses again';
  return {
    on: 'replica',
    text: remark(when, `${resume.text};\n${pause.text}`),
    execute: async () =>
      pauseClearOfLocks(ctx, {pause: async () => pause.execute(), resume: async () => resume.execute()}),
  };
}

function onReplica(ctx: StepContext, statement: Statement): Action {
  return statementAction(statement, {on: 'replica', session: async () => ctx.session('replica')});
}

/** What is paused for days without a receiver gets nothing in all that time, and may never catch up. */
async function checkStreaming(ctx: StepContext): Promise<Finding[]> {
  return judgeStreaming({...(await readStreaming(ctx)), pausedByUs: false});
}

function earliestOf(ctx: StepContext): Lsn | null {
  return earliestBoundary(anchorPositions(ctx.state()));
}

const notStandby = {
  check: 'pause-replay.not-a-standby',
  severity: 'blocker',
  subject: 'replica',
  seen: 'the server is not in recovery: it is a primary, or was promoted',
  remedy:
    'let `replica` in longhaul.yaml name a streaming standby of the source, made anew where there is none; then run again',
} as const;

/** Where the slots and sets are complete, if the replica is paused before that: a P there would lose changes, and it never gets on. */
function isBehind(ctx: StepContext, {paused, replayLsn}: ReplicaPosition): Lsn | null {
  const earliest = earliestOf(ctx);
  if (!paused || replayLsn === null || earliest === null) return null;
  return compareLsn(replayLsn, earliest) < 0 ? earliest : null;
}

function goOnFirst({replayLsn}: ReplicaPosition, earliest: Lsn): string {
  return `The replica is paused at ${replayLsn}, before the slots and sets were complete at ${earliest}: changes between them would be lost. Let it replay until then, and pause it again?`;
}

async function readPosition(ctx: StepContext): Promise<ReplicaPosition> {
  const replica = await ctx.session('replica');
  return replica.one(readReplicaPosition(replica.version));
}

async function waitForReplay(ctx: StepContext, earliest: Lsn): Promise<void> {
  const what = `until ${earliest} is replayed, where slots and sets are complete`;
  const reached = await tellingWho(ctx, what, async () => {
    const {replayLsn} = await readPosition(ctx);
    return replayLsn !== null && compareLsn(replayLsn, earliest) >= 0 ? replayLsn : null;
  });
  if (reached !== null) return;
  const {replayLsn} = await readPosition(ctx);
  throw new LonghaulError({
    code: 'failed',
    message: `the replica has replayed to ${replayLsn ?? 'nothing'} and not yet to ${earliest}, where the slots and sets are complete; paused now, P would lose changes`,
    remedy:
      'where a query on the replica holds replay up (pg_stat_activity), end it; else see that it streams from the source and catches up (pg_stat_wal_receiver, pg_stat_replication); then run again; timeouts.pause is how long the run waits for it',
  });
}

/** Waits as long as timeouts.pause, and tells who on the replica may hold replay up: a query, or a lane, that still sees what is to be removed. */
async function tellingWho<T>(ctx: StepContext, what: string, ask: () => Promise<T | null>): Promise<T | null> {
  const wait: Wait = {
    step: 'pause-replay',
    on: 'replica',
    done: 0,
    total: 1,
    what: `${what}; the oldest query there that may hold it up is`,
    ask: async (replica) => replica.run(readSnapshotHolders(replica.version)),
  };
  return whileWatching(ctx, wait, async (watch) => watch.during(waitUntil(ctx, ctx.config.timeouts.pauseMs, ask)));
}

async function waitForPause(ctx: StepContext): Promise<ReplicaPosition> {
  const limitMs = ctx.config.timeouts.pauseMs;
  const paused = await tellingWho(ctx, 'until replay has paused', async () => {
    const position = await readPosition(ctx);
    return position.paused ? position : null;
  });
  if (paused !== null) return paused;
  throw new LonghaulError({
    code: 'failed',
    message: `replay did not pause within ${formatDuration(limitMs)} of the request; the request is still in force`,
    remedy:
      'a query on the replica may hold replay up (pg_stat_activity, max_standby_streaming_delay): end it, then run again',
  });
}

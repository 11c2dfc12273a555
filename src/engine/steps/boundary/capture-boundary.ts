import {fenceBroken, type Boundary} from '../../../domain/pg/boundary.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {formatBytes} from '../../../domain/base/units.ts';
import {allCommitted, type RunState} from '../../../domain/run/run-state.ts';
import {readReplicaPosition, type ReplicaPosition} from '../../../pg/replication/replica.ts';
import {maybe} from '../../../pg/session/versions.ts';
import {planEndOfOldLanes} from './end-old-lanes.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import {executeAll, later, showStatement, type Later} from '../../make-action.ts';
import type {Action} from '../../action.ts';
import type {Step, StepContext} from '../../step.ts';
import {withIdentity} from '../../capture/with-identity.ts';

/** Reads P, the paused replica's position, and what makes it a fence. */
export const captureBoundary: Step<'capture-boundary'> = {
  id: 'capture-boundary',
  phase: 'anchor',
  title: 'capture the LSN P',
  why: 'P is where the load ends and change capture begins; a position that still moves is neither',
  source: 'runbook, step 6; facts/boundary.md',
  confirm: 'no',

  async check(ctx) {
    const state = ctx.state();
    const over = await checkAfterLoad(ctx);
    if (over !== null) return over;
    if (state.boundary === null) return {done: null, findings: []};
    const broken = fenceBroken(state.boundary, await readPosition(ctx));
    // A replica that was paused again at the same P is captured and proved anew; what is in at that P stays in.
    if (broken === null) return {done: state.boundaryMoved === null ? {...state.boundary} : null, findings: []};
    const question = askForNewBoundary(state, broken);
    return {done: null, findings: [], ...(question === null ? {} : {question})};
  },

  plan: async (ctx) => planCapture(ctx, later('P')),

  async run(ctx) {
    const captured = later<Boundary>('P');
    await executeAll(await planCapture(ctx, captured));
    return {...captured.get()};
  },
};

async function planCapture(ctx: StepContext, captured: Later<Boundary>): Promise<Action[]> {
  const {version} = await ctx.session('replica');
  return [
    // Nothing of an older P may still commit once there is a new one.
    ...planEndOfOldLanes(ctx),
    {
      on: 'replica',
      text: showStatement(readReplicaPosition(version)),
      execute: async () => {
        const boundary = await captureTwice(ctx);
        await ctx.record({type: 'boundary.captured', boundary});
        captured.set(boundary);
      },
    },
  ];
}

async function readPosition(ctx: StepContext): Promise<ReplicaPosition> {
  const replica = await ctx.session('replica');
  return replica.one(readReplicaPosition(replica.version));
}

/** Up to 13 a server says "paused" once it was asked to; two equal positions this far apart say that it is. From 14 on "paused" is what replay itself has said. */
const APART_MS = 1_200;

async function captureTwice(ctx: StepContext): Promise<Boundary> {
  const first = await readPosition(ctx);
  const {version} = await ctx.session('replica');
  const apartMs = maybe('replayPauseState', version) === null ? APART_MS : 0;
  if (apartMs > 0) await ctx.sleep(apartMs);
  const second = await withIdentity(ctx, 'replica', await readPosition(ctx));
  const {replayLsn, postmasterStart, timeline, systemIdentifier, clock} = second;
  const still = first.replayLsn === replayLsn && first.postmasterStart === postmasterStart;
  if (replayLsn !== null && second.inRecovery && second.paused && still) {
    return {lsn: replayLsn, postmasterStart, timeline, systemIdentifier, capturedAt: clock};
  }
  throw new LonghaulError({
    code: 'failed',
    message: `replay is not paused: the replica was at ${first.replayLsn} and ${apartMs} ms later at ${replayLsn} (paused: ${second.paused}, in recovery: ${second.inRecovery})`,
    remedy:
      'longhaul run --from pause-replay pauses it again; see that nothing else (a backup script, a failover manager) resumes or promotes it',
  });
}

/** Days of loading may hang on the old P, so a new one is asked for; nothing that was loaded yet, nothing to ask. */
function askForNewBoundary(state: RunState, broken: string): string | null {
  const committed = state.units.filter((unit) => unit.state.status === 'committed');
  if (committed.length === 0) return null;
  const bytes = formatBytes(committed.reduce((sum, unit) => sum + unit.bytes, 0));
  const whole = allCommitted(state)
    ? ' That load is whole: to keep it and give up only the exact comparison, end here (longhaul shutdown) and go on with longhaul run --from build-indexes.'
    : '';
  return `P ${state.boundary?.lsn} is lost: ${broken}. Take a new P? The ${committed.length} loaded units (${bytes}) are loaded again: their tables are emptied in the same transaction as the new load.${whole}`;
}

import {isBoundaryLost, isReplayResumed, stepOnProof} from '../pg/hand-over.ts';
import {claimedSlots} from '../run/claimed.ts';
import {allCommitted, whatNeedsBoundary, type RunState} from '../run/run-state.ts';

/** What a run still needs of its servers, each with why, in words; null where it needs it no more, or not yet. */
export interface Needs {
  /** P itself: that every slot begins at or before it. */
  readonly boundary: string | null;
  /** The replica, paused at P. */
  readonly replica: string | null;
  /** The run's slots on the primary. */
  readonly slots: string | null;
  /** The schema longhaul on the target. */
  readonly ledger: string | null;
}

/** What the run still needs in this state. Everybody who asks whether something may go, be resumed or be missed asks this. Pure. */
export function needsOf(state: RunState): Needs {
  return {
    boundary: whyBoundary(state),
    replica: whyReplica(state),
    slots: whySlots(state),
    ledger: whyLedger(state),
  };
}

function whyBoundary(state: RunState): string | null {
  if (state.boundary === null || isBoundaryLost(state) || state.cdcStarted !== null) return null;
  // A plain copy has no slots: P is over with the comparison.
  if (state.lastProof?.slots.length === 0) return whyReplica(state);
  return whyReplica(state) ?? 'change capture begins at it';
}

/** A P that is not there, is lost, or was left by the run itself is needed by nobody. */
function whyReplica(state: RunState): string | null {
  if (state.boundary === null || state.boundaryMoved !== null || isReplayResumed(state)) return null;
  return whatNeedsBoundary(state);
}

function whySlots(state: RunState): string | null {
  if (claimedSlots(state.claimed).length === 0) return null;
  if (state.cdcStarted !== null) return 'change capture reads them';
  if (isBoundaryLost(state)) return 'the next P is taken with them';
  return state.boundary === null ? 'they keep every change for the P to come' : 'change capture begins with them at P';
}

function whyLedger(state: RunState): string | null {
  if (state.status === 'aborted') return 'it tells the next run which rows it may replace';
  return state.loadBoundary === null ? null : 'it says which units are loaded';
}

/** Whether the slots of the run were released: P is lost, and not by the replica. Pure. */
export function isReleased({boundaryMoved, lastProof}: RunState): boolean {
  // A load begins at a proved P, and only a release takes the proof away with it.
  return boundaryMoved !== null && lastProof === null;
}

/** Whether all is loaded and compared at P, so that the replica may go on. Pure. */
export function isCompared(state: RunState): boolean {
  return whatNeedsBoundary(state) === null;
}

/**
 * Whether an alarm is due where the replica is not paused at P: as long as the load at P is not over and nobody has released the slots. One
 * that the journal has as lost stays an alarm until there is a new P. Pure.
 */
export function isReplicaMissed(state: RunState): boolean {
  if (state.boundary === null || state.status === 'done' || isReplayResumed(state)) return false;
  if (isReleased(state) || isCompared(state)) return false;
  // These take the replica away from P, or take a new one, by themselves.
  return state.steps.every(({id, state: {status}}) => status !== 'running' || !MOVE_REPLICA.includes(id));
}

const MOVE_REPLICA: readonly string[] = ['pause-replay', 'capture-boundary', 'resume-replay'];

/** Whether somebody would have to know that P is no longer proved. Pure. */
export function isProofOfUse(state: RunState): boolean {
  return state.boundaryProved || stepOnProof(state) !== undefined;
}

/**
 * Whether the steps that lead to P, and the load at it, have served: replay was resumed, or began to be; or everything is compared and the
 * replica has left P (`hasLeft`), so that nothing can be done at it any more and nothing need be. Reading the servers would find the
 * replica not paused and the target not stripped, and do it all again. Pure.
 */
export function isLoadOver(state: RunState, hasLeft: boolean): boolean {
  const step = state.steps.find(({id}) => id === 'resume-replay')?.state;
  const resume = step?.status;
  // One that was refused has proved nothing, and ends nothing: a replica that somebody had paused by hand is paused all the same.
  const began = step?.status === 'failed' && state.lastProof !== null && state.lastProof.at >= step.startedAt;
  // A resume that an operator gave by hand ends as much.
  const resumed = !state.replayPaused && (began || isCompared(state));
  return (
    resume === 'done' || (allCommitted(state) && (resume === 'running' || resumed)) || (hasLeft && isCompared(state))
  );
}

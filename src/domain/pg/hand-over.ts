import {whatNeedsBoundary, type RunState} from '../run/run-state.ts';
import {isWalkedAlone} from '../run/final-steps.ts';
import {STEP_IDS} from '../run/step-id.ts';

/** Whether this run has resumed replay, the last thing that it does at P. Pure. */
export function isReplayResumed({boundary, evidence}: Pick<RunState, 'boundary' | 'evidence'>): boolean {
  return boundary !== null && evidence['resume-replay']?.boundary === boundary.lsn;
}

/**
 * Whether P is lost by the replica. A load that was whole before that, and that went on without its exact comparison, is at P all the same
 * once the slots were proved again.
 */
export function isBoundaryLost(state: RunState): boolean {
  return state.boundaryMoved !== null && !(state.boundaryProved && isReplayResumed(state));
}

/**
 * The step under way that rests on the proof of P, which no step after it checks: from strip-target on until replay is being resumed.
 * Undefined where there is none. Pure.
 */
export function stepOnProof({steps}: Pick<RunState, 'steps'>): RunState['steps'][number] | undefined {
  const proved = STEP_IDS.indexOf('prove-boundary');
  return steps.find(({id, state}) => {
    if (STEP_IDS.indexOf(id) <= proved || isWalkedAlone(id)) return false;
    return state.status === 'waiting' || (state.status === 'running' && id !== 'resume-replay');
  });
}

/** Why change capture cannot begin at P yet, in words; null once the load at P is over. Pure. */
export function whyNotHandOver(state: RunState): string | null {
  if (state.boundary === null) return 'there is no P yet';
  if (state.lastProof === null) return `P ${state.boundary.lsn} is not proved`;
  if (state.lastProof.slots.length === 0) return 'this run has no slots that change capture could read';
  return isReplayResumed(state) ? null : whatNeedsBoundary(state);
}

/** Why nobody need say that change capture has begun; null while that is to be said. Pure. */
export function cdcNotExpected(state: RunState): string | null {
  if (state.cdcStarted !== null) return `${state.cdcStarted.by} has said so at ${state.cdcStarted.at}`;
  if (state.steps.some(({id}) => id === 'start-cdc')) return 'the step start-cdc starts change capture';
  const why = whyNotHandOver(state);
  return why === null ? null : `change capture cannot have begun: ${why}`;
}

/** How P is, for people: `16/B374D848, proved at 2026-11-24T04:10:11.000Z`. Pure. */
export function describeBoundary(state: RunState): string {
  const {boundary, lastProof, boundaryProved, boundaryDisproved, boundaryMoved, cdcStarted} = state;
  if (boundary === null) return 'not captured';
  const last = lastProof === null ? '' : ` (proved last at ${lastProof.at})`;
  if (boundaryMoved !== null && isBoundaryLost(state)) return `${boundary.lsn}, LOST: ${boundaryMoved.message}`;
  if (boundaryDisproved !== null) return `${boundary.lsn}, NO LONGER PROVED${last}: ${boundaryDisproved.message}`;
  if (lastProof === null || !boundaryProved) return `${boundary.lsn}, not proved`;
  if (cdcStarted === null) return `${boundary.lsn}, proved at ${lastProof.at}`;
  return `${boundary.lsn}, proved last at ${lastProof.at}; change capture has begun, said ${cdcStarted.by} at ${cdcStarted.at}`;
}

import {isReplayResumed} from '../pg/hand-over.ts';
import {isCutoverComplete} from './cutover.ts';
import {isCompared, isReleased} from './needs.ts';
import {openDifferences} from '../run/difference.ts';
import {phaseOf} from '../run/final-steps.ts';
import type {RunState} from '../run/run-state.ts';

/** Steps behind the start of change capture, where Longhaul itself starts it. */
const OF_CDC: readonly string[] = ['start-cdc', 'wait-for-catch-up'];

/** What `longhaul run` (or C) does next in this state, as the end of `it …`. The steps read the servers, which may differ. Pure. */
export function whatIsNext(state: RunState): string {
  const {status, steps, units, boundaryMoved, boundaryDisproved, cdcStarted, run, cutover} = state;
  if (status === 'new' || status === 'aborted') return 'begins with the first step';
  if (cutover !== null && cutover.status !== 'gone-back') return nextOfCutover(state);
  const waiting = steps.find((step) => step.state.status === 'waiting')?.id;
  if (waiting !== undefined) return `waits to be confirmed: longhaul confirm ${waiting} ${run ?? ''}`;
  if (isReleased(state)) return 'makes new slots, takes a new P with them and loads everything again';
  if (boundaryDisproved !== null) return `refuses while the slots are as they are: ${boundaryDisproved.remedy}`;
  const cdc = steps.find((step) => OF_CDC.includes(step.id) && step.state.status !== 'done')?.id;
  if (cdcStarted !== null && cdc !== undefined) return `goes on with ${cdc}; what is done is recognised`;
  if (cdcStarted !== null) return 'checks that the slots that change capture reads are there and not lost';
  if (isReplayResumed(state)) return 'proves once more that change capture can begin at P';
  if (isCompared(state)) {
    const again = openDifferences(state).length === 0 ? '' : 'tries once more what differs, ';
    return `${again}proves P once more and resumes replay`;
  }
  if (boundaryMoved !== null)
    return 'pauses replay again and takes a new P with the same slots; what is loaded is loaded again';
  const next = steps.find(
    (step) => phaseOf(step.id) !== 'cutover' && step.state.status !== 'done' && step.state.status !== 'skipped',
  )?.id;
  if (next === undefined) return 'checks every step again';
  const paused = units.some((unit) => unit.state.status === 'running' && unit.state.paused !== null);
  return `goes on with ${next}; ${paused ? 'lanes that are paused stay so: longhaul resume --all' : 'what is done is recognised'}`;
}

function nextOfCutover(state: RunState): string {
  if (state.cutover?.status === 'opening') return 'goes on with the hand-over, which has begun to open the target';
  if (state.cutover?.status !== 'handed-over')
    return 'takes the cutover back that its supervisor left, and allows writes on the source again';
  return isCutoverComplete(state)
    ? 'has nothing more to do: the run was handed over'
    : 'validates the constraints of the target';
}

import {isTakenBack, stoppedSince, takenBackByRun} from '../run/cutover/cutover.ts';
import {cdcNotExpected} from '../pg/hand-over.ts';
import type {Failure} from '../run/event.ts';
import type {UnitFailure} from '../run/load-unit.ts';
import type {RunState} from '../run/run-state.ts';
import type {StepId} from '../run/step-id.ts';

/** One thing that does not go on, or does not begin, until the operator does something. */
export type Wanted =
  | {readonly kind: 'answer'; readonly step: StepId; readonly question: string; readonly since: string}
  /** A cutover, or a way back, that this run has taken back by itself. */
  | {readonly kind: 'taken-back'; readonly isBack: boolean; readonly reason: string}
  | {readonly kind: 'step'; readonly step: StepId; readonly failure: Failure; readonly endsWalk: boolean}
  | {readonly kind: 'unit'; readonly unit: string; readonly attempt: number; readonly failure: UnitFailure}
  | {readonly kind: 'walk'; readonly reason: string}
  | {readonly kind: 'capture'};

/** Everything that waits for the operator, the most pressing first: what alarms, header and `status --line` tell of. Pure. */
export function wantedOf(state: RunState): Wanted[] {
  if (state.status === 'new' || state.status === 'aborted') return [];
  const answers = state.steps.flatMap(({id, state: step}): Wanted[] =>
    step.status === 'waiting' ? [{kind: 'answer', step: id, question: step.question, since: step.since}] : [],
  );
  const units = state.units.flatMap(({id, state: unit}): Wanted[] =>
    unit.status === 'failed' && unit.retryAt === null && state.boundaryMoved === null
      ? [{kind: 'unit', unit: id, attempt: unit.attempt, failure: unit.failure}]
      : [],
  );
  const steps = state.steps.flatMap(({id, state: step}): Wanted[] =>
    step.status === 'failed' && !isTakenBack(state, id)
      ? [{kind: 'step', step: id, failure: step.failure, endsWalk: step.unfinished !== true}]
      : [],
  );
  return [...answers, ...steps, ...walk(state, steps), ...takenBack(state), ...units, ...capture(state)];
}

function takenBack(state: RunState): Wanted[] {
  const back = takenBackByRun(state);
  return back === null ? [] : [{kind: 'taken-back', ...back}];
}

/** A walk that ended by itself although no step failed: its own journal, a step that was left out. */
function walk({status, stopped}: RunState, steps: readonly Wanted[]): Wanted[] {
  if (status !== 'stopped' || stopped === null || steps.length > 0) return [];
  return stopped.end === 'failed' || stopped.end === 'incomplete' ? [{kind: 'walk', reason: stopped.reason}] : [];
}

function capture(state: RunState): Wanted[] {
  return isCaptureDue(state) ? [{kind: 'capture'}] : [];
}

/** Whether the run is done and change capture is to be started at its P. Pure. */
export function isCaptureDue(state: RunState): boolean {
  return state.status === 'done' && state.boundaryDisproved === null && cdcNotExpected(state) === null;
}

/** The most pressing of it in two or three words, in capitals: `WAITS FOR YOU`; empty where nothing is wanted. Pure. */
export function wantedInShort(state: RunState): string {
  if (stoppedSince(state) !== null) return 'WRITES STOPPED';
  const [first] = wantedOf(state);
  switch (first?.kind) {
    case undefined:
      return '';
    case 'answer':
      return 'WAITS FOR YOU';
    case 'taken-back':
      return first.isBack ? 'WAY BACK TAKEN BACK' : 'CUTOVER TAKEN BACK';
    case 'step':
      return first.endsWalk ? 'STEP FAILED' : 'STEP UNFINISHED';
    case 'unit': {
      const failed = wantedOf(state).filter(({kind}) => kind === 'unit').length;
      return failed === 1 ? '1 UNIT FAILED' : `${failed} UNITS FAILED`;
    }
    case 'walk':
      return 'RUN FAILED';
    case 'capture':
      return 'START CDC';
  }
}

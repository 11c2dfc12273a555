import {cdcNotExpected, isBoundaryLost} from '../pg/hand-over.ts';
import {whyNotWhole} from '../run/capture/capture-state.ts';
import {cutoverWords, isReadyForCutover} from './cutover.ts';
import {openDifferences} from '../run/difference.ts';
import {counted} from '../base/units.ts';
import type {RunState} from '../run/run-state.ts';

/** What the operator does next, the most pressing first, each with its command; one sentence where there is nothing to do. Pure. */
export function whatNow(state: RunState): string[] {
  if (state.run === null) return ['The run has not begun: longhaul run begins it.'];
  if (state.status === 'aborted') return ['The run was given up: longhaul run begins a new one, with a new P.'];
  const open = openItems(state);
  if (open.length > 0) return open;
  return [state.status === 'done' ? afterwards(state) : meanwhile(state)];
}

/** The same where no supervisor is running, without which nothing is at work. Pure. */
export function whatNowAlone(state: RunState): string[] {
  if (state.run === null || isOver(state)) return whatNow(state);
  const open = openItems(state);
  return [
    'No step goes on and nothing is watched without a supervisor: longhaul run starts one.',
    ...(open.length === 0 && state.status === 'done' ? [afterwards(state)] : open),
  ];
}

/** Whether nothing is left to do or to watch, so that nobody misses a supervisor. Pure. */
export function isOver({status, evidence}: Pick<RunState, 'status' | 'evidence'>): boolean {
  return status === 'aborted' || evidence['clean-up'] !== undefined;
}

/** What waits for the operator, the most pressing first. */
function openItems(state: RunState): string[] {
  const cutover = cutoverWords(state);
  if (cutover !== null) return [cutover];
  return [
    ...pOf(state),
    ...questions(state),
    ...failures(state),
    ...pausedLanes(state),
    ...heldForComparison(state),
    ...differences(state),
  ];
}

function pOf(state: RunState): string[] {
  const {boundaryMoved, boundaryDisproved} = state;
  if (boundaryMoved !== null && isBoundaryLost(state)) return [`P is lost: ${boundaryMoved.remedy}`];
  return boundaryDisproved === null ? [] : [`P is no longer proved: ${boundaryDisproved.remedy}`];
}

function questions({steps, run, held}: RunState): string[] {
  const waiting = steps.flatMap(({id, state}) =>
    state.status === 'waiting'
      ? [`${id} waits for an answer: ${state.question} If so: longhaul confirm ${id} ${run}`]
      : [],
  );
  return held ? [...waiting, 'What is to begin next is held back: longhaul resume --start lets it begin'] : waiting;
}

/** Whoever has paused them may have gone home. */
function pausedLanes({units}: RunState): string[] {
  const paused = units.filter(({state}) => state.status === 'running' && state.paused !== null).length;
  if (paused === 0) return [];
  const [are, them] = paused === 1 ? ['is', 'it'] : ['are', 'them'];
  return [`${counted(paused, 'lane')} ${are} paused: longhaul resume --all lets ${them} go on`];
}

function heldForComparison({fence}: RunState): string[] {
  return fence === null
    ? []
    : [`Apply and replay are held for a comparison since ${fence.since}; both go on by themselves once it is done.`];
}

function failures({steps, units}: RunState): string[] {
  const failed = units.flatMap(({id, state}) =>
    state.status === 'failed' && state.retryAt === null ? [`Unit ${id} has failed: ${state.failure.remedy}`] : [],
  );
  const stopped = steps.flatMap(({id, state}) =>
    state.status === 'failed' && state.unfinished !== true
      ? [`Step ${id} has failed: ${state.failure.remedy}; then longhaul run`]
      : [],
  );
  // Failed units are why their step has failed.
  return failed.length > 0 ? failed : stopped;
}

function differences(state: RunState): string[] {
  const count = openDifferences(state).length;
  return count === 0
    ? []
    : [
        `${count} ${count === 1 ? 'object differs' : 'objects differ'} on the target: longhaul accept lists ${count === 1 ? 'it' : 'them'} with queries and remedies; mend them and longhaul run, or accept them`,
      ];
}

function meanwhile({status, steps}: RunState): string {
  const step = steps.find(({state}) => state.status === 'running');
  if (status === 'stopped') return 'The run was stopped: longhaul run goes on with it.';
  return step === undefined ? 'Nothing: the run goes on.' : `Nothing: ${step.id} is at work.`;
}

function afterwards(state: RunState): string {
  if (cdcNotExpected(state) === null) {
    const slots = state.lastProof?.slots.join(', ') ?? '';
    return `Start change capture at P ${state.boundary?.lsn ?? '?'} on ${slots}; once it reads them: longhaul cdc-started --yes ${state.run}`;
  }
  const [first] = whyNotWhole(state.capture);
  if (first !== undefined) return `${first.why}: ${first.remedy}`;
  if (isReadyForCutover(state))
    return `Nothing, while no alarm is raised: change capture had caught up, and goes on. When the application is to move: longhaul cutover --check, then longhaul cutover --yes ${state.run}`;
  return state.cdcStarted === null
    ? 'Nothing: the run is done.'
    : 'Nothing: the load is done and change capture has begun.';
}

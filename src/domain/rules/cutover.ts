import {isCutoverUnderWay, isTargetOpened} from '../run/cutover/cutover.ts';
import {lastComparison} from '../run/cutover/last-comparison.ts';
import {claimedBack} from '../run/back/claimed-back.ts';
import {whyNotWhole} from '../run/capture/capture-state.ts';
import {whyNotFollowed} from '../run/drift/schema-change.ts';
import {openDifferences} from '../run/difference.ts';
import type {RunState} from '../run/run-state.ts';
import type {Refusal} from './refusal.ts';

/** The step behind which a cutover may begin. */
const CAUGHT_UP = 'wait-for-catch-up';

/** Why a cutover cannot begin in this state, or go on; null where it can. Pure. */
export function whyNoCutover(state: RunState): Refusal | null {
  const {cutover, status, steps} = state;
  if (cutover?.status === 'under-way')
    return {why: 'a cutover is under way', remedy: 'longhaul cutover --back-out takes it back'};
  // What has opened the target only goes on.
  if (cutover?.status === 'opening') return null;
  if (cutover?.status === 'handed-over') {
    return isCutoverComplete(state) ? {why: 'the run was handed over', remedy: 'there is nothing to do'} : null;
  }
  if (!steps.some(({id}) => id === CAUGHT_UP))
    return {
      why: 'this engine of change capture is not started by Longhaul, which cannot tell what has arrived',
      remedy: 'cut over by hand, as docs/cutover.md has it',
    };
  if (status !== 'done')
    return openDifferences(state).length > 0
      ? {
          why: 'objects of the target differ',
          remedy: 'longhaul accept lists them; mend them and longhaul run, or accept them',
        }
      : {why: 'change capture has not caught up yet', remedy: 'longhaul run'};
  // What is on the target is not what is on the source.
  return [...whyNotWhole(state.capture), ...whyNotFollowed(state.schemaDrift)][0] ?? null;
}

/** Whether change capture has caught up and no cutover has led away from the source: what comes next is the operator's decision. Pure. */
export function isReadyForCutover(state: RunState): boolean {
  return (state.cutover === null || state.cutover.status === 'gone-back') && whyNoCutover(state) === null;
}

/** Why a cutover cannot be rehearsed in this state; null where it can. What only keeps the cutover itself from beginning is a finding of the rehearsal. Pure. */
export function whyNoRehearsal(state: RunState): Refusal | null {
  const {cutover, cdcStarted, status} = state;
  const isUnderWay = cutover !== null && cutover.status !== 'gone-back';
  return isUnderWay || cdcStarted === null || status === 'aborted' ? whyNoCutover(state) : null;
}

/** Why one cannot go back to the source in this state; null where one can. Pure. */
export function whyNoWayBack({
  cutover,
  back,
  claimed,
  run,
}: Pick<RunState, 'cutover' | 'back' | 'claimed' | 'run'>): Refusal | null {
  if (back?.status === 'under-way')
    return {why: 'a way back is under way', remedy: 'longhaul back --back-out takes it back'};
  // What has opened the source only goes on.
  if (back?.status === 'opening') return null;
  if (cutover?.status === 'under-way')
    return {why: 'nothing was handed over yet', remedy: 'longhaul cutover --back-out takes the cutover back'};
  if (cutover?.status === 'opening')
    return {why: 'the target is not handed over yet', remedy: `longhaul cutover --yes ${run ?? ''} goes on`};
  if (cutover?.status !== 'handed-over') return {why: 'production is on the source', remedy: 'there is nothing to do'};
  if (!isWayBackMade({claimed}))
    return {
      why: 'nothing brings to the source what is written on the target (cutover.reverse was no, or longhaul clean-up has ended it): every row since the hand-over would be lost',
      remedy:
        'mend it on the target; to go back all the same, move the database once more, from the target to the source',
    };
  return null;
}

/** Whether what is written on the target comes back to the source: it is made before the target is opened. Pure. */
export function isWayBackMade({claimed}: Pick<RunState, 'claimed'>): boolean {
  return claimedBack(claimed, 'back-slot').length > 0;
}

/** Whether nothing of the cutover is left to do. Pure. */
export function isCutoverComplete({cutover, steps}: Pick<RunState, 'cutover' | 'steps'>): boolean {
  if (cutover?.status !== 'handed-over') return false;
  return steps.every(({id, state}) => id !== 'validate-constraints' || state.status === 'done');
}

/** Why a cutover cannot be taken back by allowing writes on the source again; null where it can. Pure. */
export function whyNoBackOut({
  cutover,
  back,
  run,
  claimed,
}: Pick<RunState, 'cutover' | 'back' | 'run' | 'claimed'>): Refusal | null {
  if (back?.status === 'under-way') return null;
  if (back?.status === 'opening')
    return {
      why: 'the source was opened for writes, or is about to be',
      remedy: `longhaul back --yes ${run ?? ''} goes on with it; longhaul cutover leads to the target again`,
    };
  if (isTargetOpened(cutover)) return opened({run, claimed});
  return isCutoverUnderWay(cutover)
    ? null
    : {why: 'no cutover is under way', remedy: 'there is nothing to do: writes are allowed on the source'};
}

/** Why there is no last comparison to be ended; null where one goes on. Pure. */
export function whyNoEndOfComparison(state: Pick<RunState, 'cutover' | 'back' | 'evidence'>): Refusal | null {
  if (lastComparison(state) !== null) return null;
  return {
    why: 'no comparison of a hand-over goes on',
    remedy: 'there is nothing to end: longhaul status shows how each step has ended',
  };
}

/** Why a run is not given up any more: both sides would be open. Pure. */
export function whyNoAbort({cutover, ...state}: Pick<RunState, 'cutover' | 'run' | 'claimed'>): Refusal | null {
  return isTargetOpened(cutover) ? opened(state) : null;
}

function opened({run, claimed}: Pick<RunState, 'run' | 'claimed'>): Refusal {
  return {
    why: 'the target was opened for writes, or is about to be: writes on the source as well would be on no side that anybody uses',
    remedy: `longhaul cutover --yes ${run ?? ''} goes on where it is not handed over yet; ${wayBackWords({claimed})}, and longhaul clean-up ends the run without going back`,
  };
}

/** What there is once the target was opened. Pure. */
export function wayBackWords(state: Pick<RunState, 'claimed'>): string {
  return isWayBackMade(state)
    ? 'longhaul back leads back without losing a row'
    : 'no way back was made (cutover.reverse): what is to be mended is mended on the target';
}

/** What is said of a run: what is to be done next, or, where it is quiet, that nothing is. */
export interface Said {
  readonly isQuiet: boolean;
  readonly words: readonly string[];
  /** Of what is quiet, what is so all the same beside an alarm; left out where that is of no use then. */
  readonly beside?: readonly string[];
}

/** What the operator knows first of all while a cutover is not over, and of one that was taken back; null where there is none. Pure. */
export function cutoverNow(state: RunState): Said | null {
  const {cutover, run} = state;
  if (state.evidence['clean-up'] !== undefined)
    return quiet(
      'the run was handed over to the target, and what it had made was taken away. longhaul report --archive keeps it in one file.',
    );
  const back = backWords(state);
  if (back !== null) return back;
  switch (cutover?.status) {
    case undefined:
      return null;
    case 'under-way':
      return todo(
        'A cutover is under way: longhaul cutover --back-out takes it back, and writes are allowed on the source again.',
      );
    case 'opening':
      return todo(
        `The target is being opened for writes, and it was not seen to be: longhaul cutover --yes ${run ?? ''} goes on with it.`,
      );
    case 'handed-over':
      return handedOverWords(state);
    case 'gone-back':
      return todo(
        `The cutover was taken back, and the source takes writes: ${cutover.goneBack?.reason ?? ''}. Once that is mended: longhaul cutover --yes ${run ?? ''}`,
      );
  }
}

function quiet(fact: string): Said {
  return {isQuiet: true, words: [`Nothing: ${fact}`], beside: [`${fact.slice(0, 1).toUpperCase()}${fact.slice(1)}`]};
}

function todo(words: string): Said {
  return {isQuiet: false, words: [words]};
}

function handedOverWords(state: RunState): Said {
  const name = state.run ?? '';
  if (state.steps.some(({id, state: step}) => id === 'validate-constraints' && step.status === 'running'))
    return quiet('the run was handed over, and the target takes writes; its constraints are being validated.');
  if (!isCutoverComplete(state))
    return todo(
      `The run was handed over; constraints are still to be validated: longhaul cutover --yes ${name} goes on with it.`,
    );
  return quiet(
    whyNoWayBack(state) === null
      ? `the run was handed over to the target. longhaul back leads back without losing a row; longhaul clean-up --give-up-way-back --yes ${name} ends that, and takes away what the move has left.`
      : `the run was handed over to the target. longhaul clean-up --yes ${name} takes away what the move has left.`,
  );
}

function backWords({back, run}: RunState): Said | null {
  switch (back?.status) {
    case undefined:
      return null;
    case 'under-way':
      return todo(
        'A way back is under way: longhaul back --back-out takes it back, and writes are allowed on the target again.',
      );
    case 'opening':
      return todo(
        `The source is being opened for writes, and it was not seen to be: longhaul back --yes ${run ?? ''} goes on with it.`,
      );
    case 'handed-over':
      return todo(
        `Production is on the source again, with all that was written on the target, and changes are captured from there. Once that is mended for which you went back: longhaul cutover --yes ${run ?? ''}`,
      );
    case 'gone-back':
      return todo(
        `The way back was taken back: ${back.goneBack?.reason ?? ''}. Production is on the target; once that is mended: longhaul back --yes ${run ?? ''}`,
      );
  }
}

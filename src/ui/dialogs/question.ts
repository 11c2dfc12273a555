import {claimedSlots} from '../../domain/run/claimed.ts';
import {cdcNotExpected} from '../../domain/pg/hand-over.ts';
import {openDifferences} from '../../domain/run/difference.ts';
import {isStanding} from '../../domain/run/run-state.ts';
import type {ConsoleState} from '../store/console-store.ts';
import type {Dialog, Question} from '../store/overlay.ts';
import type {View} from '../store/view.ts';
import {whyNotAdopted, whyNotOfSlot} from '../../domain/rules/refused-in-cdc.ts';
import {whyNoEndOfComparison} from '../../domain/rules/cutover.ts';
import {acceptDialog} from './accept-dialog.ts';
import {adoptDialog, slotDialog} from './cdc-dialogs.ts';
import {cancelDialog, pauseAllDialog} from './lane-dialogs.ts';
import {laneRow, lanesView} from '../view-model/lane-rows.ts';
import {releaseDialog} from './release-dialog.ts';
import {
  cdcStartedDialog,
  continueDialog,
  endComparisonDialog,
  pauseReplayDialog,
  resumeReplayDialog,
  shutdownDialog,
} from './run-dialogs.ts';
import {stepDialog} from './step-dialog.ts';

/** A question in the words that the run has for it now; null when there is nothing to ask any more. */
export function dialogOf({live, nowMs}: Pick<ConsoleState, 'live' | 'nowMs'>, question: Question): Dialog | null {
  const {run} = live;
  switch (question.about) {
    case 'confirm-step':
      return stepDialog(live, question.step);
    case 'cancel-unit': {
      const unit = run.units.find((one) => one.id === question.unit);
      return unit === undefined ? null : cancelDialog(live, laneRow(live, unit, nowMs));
    }
    case 'pause-all': {
      const lanes = lanesView(live, nowMs);
      return lanes.running === 0 ? null : pauseAllDialog(live, lanes);
    }
    case 'pause-replay':
      return run.replayPaused ? null : pauseReplayDialog(live);
    case 'resume-replay':
      return run.replayPaused ? resumeReplayDialog(live) : null;
    case 'continue':
      return isStanding(run) ? continueDialog(live) : null;
    case 'accept-differences':
      return openDifferences(run).length === 0 ? null : acceptDialog(live);
    case 'release':
      return claimedSlots(run.claimed).length === 0 ? null : releaseDialog(live);
    case 'cdc-started':
      return cdcNotExpected(run) === null ? cdcStartedDialog(live) : null;
    case 'end-comparison':
      return whyNoEndOfComparison(run) === null ? endComparisonDialog(live) : null;
    case 'pause-cdc':
    case 'resume-cdc':
    case 'kick-cdc':
      return whyNotOfSlot(run, question.about, question.slot) === null ? slotDialog(live, question) : null;
    case 'adopt-table':
      return whyNotAdopted(run, question.table) === null ? adoptDialog(live, question.table) : null;
    case 'shutdown':
    case 'shutdown-lanes':
      return run.supervisor === null ? null : shutdownDialog(live, question.about === 'shutdown-lanes');
  }
}

/**
 * What is on the screen with the open question as it is now. One that nobody need answer any more says so, and stays for whoever is still typing: his
 * next letters must not be keys. One that has come to run something else, or elsewhere, forgets what was typed: nobody has said yes to
 * that.
 */
export function withQuestionNow(state: ConsoleState): View {
  const {view} = state;
  const top = view.overlays.at(-1);
  if (top?.kind !== 'dialog' || top.status === 'over') return view;
  const below = view.overlays.slice(0, -1);
  const now = dialogOf(state, top.question);
  if (now === null) return {...view, overlays: [...below, {...top, status: 'over'}]};
  if (JSON.stringify(now) === JSON.stringify(top.dialog)) return view;
  const anew =
    stakesOf(now) === stakesOf(top.dialog)
      ? {}
      : {typed: '', top: 0, wrong: false, status: 'changed' as const, planned: null};
  return {...view, overlays: [...below, {...top, dialog: now, ...anew}]};
}

/** What somebody agrees to: what runs, and on what. */
function stakesOf({facts, runs, expect, command}: Dialog): string {
  return JSON.stringify([facts.filter(({stake}) => stake === true), runs, expect, command]);
}

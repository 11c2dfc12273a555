import type {ActionId} from '../keys/bindings.ts';
import {openOverlay} from '../store/console-store.ts';
import {stepDialog} from '../view-model/step-dialog.ts';
import {continueDialog, pauseReplayDialog, resumeReplayDialog, shutdownDialog} from '../view-model/run-dialogs.ts';
import type {ActionContext} from './context.ts';
import {releaseDialog} from '../view-model/release-dialog.ts';
import {copySelected} from './copy.ts';
import {askToCancel, askToPauseAll, orderLanes, toggleMark} from './lanes.ts';
import {nextMatch, openLess, openLog, toggleFollow, toggleWrap} from './log.ts';
import {changeTick, goBack, nextOrder, openDetail, openFilter, toggleReadOnly} from './look.ts';
import {goToPane, moveSelection, moveToEnd, pageOf, stepPane} from './move.ts';
import {order} from './order.ts';
import {ask, toggleHold, writeReport} from './run.ts';
import {changeView} from '../store/console-store.ts';

/** What every action does. Whether it may was asked before (`off` of its binding). */
export const ACTIONS: Readonly<Record<ActionId, (ctx: ActionContext) => void | Promise<void>>> = {
  'confirm-step': (ctx) => ask(ctx, stepDialog(ctx.store.getState().live)),
  'pause-lane': async (ctx) => orderLanes(ctx, 'pause-unit'),
  'resume-lane': async (ctx) => orderLanes(ctx, 'resume-unit'),
  retry: async (ctx) => orderLanes(ctx, 'retry-unit'),
  'cancel-lane': askToCancel,
  log: openLog,
  mark: toggleMark,
  'pause-all': askToPauseAll,
  'resume-all': async (ctx) => void (await order(ctx, {type: 'resume-all'})),
  hold: toggleHold,

  continue: (ctx) => ask(ctx, continueDialog(ctx.store.getState().live)),
  findings: (ctx) => openOverlay(ctx.store, {kind: 'findings', top: 0}),
  'pause-replay': (ctx) => ask(ctx, pauseReplayDialog(ctx.store.getState().live)),
  'resume-replay': (ctx) => ask(ctx, resumeReplayDialog(ctx.store.getState().live)),
  release: (ctx) => ask(ctx, releaseDialog(ctx.store.getState().live)),
  shutdown: (ctx) => ask(ctx, shutdownDialog(ctx.store.getState().live, false)),
  'shutdown-lanes': (ctx) => ask(ctx, shutdownDialog(ctx.store.getState().live, true)),
  'write-report': writeReport,

  detail: openDetail,
  zoom: (ctx) => changeView(ctx.store, {zoomed: !ctx.store.getState().view.zoomed}),
  filter: openFilter,
  sort: nextOrder,
  copy: copySelected,
  'next-pane': (ctx) => stepPane(ctx, 1),
  'previous-pane': (ctx) => stepPane(ctx, -1),
  'pane-1': (ctx) => goToPane(ctx, 'steps'),
  'pane-2': (ctx) => goToPane(ctx, 'lanes'),
  'pane-3': (ctx) => goToPane(ctx, 'slots'),
  'pane-4': (ctx) => goToPane(ctx, 'storage'),
  'pane-5': (ctx) => goToPane(ctx, 'events'),
  down: (ctx) => moveSelection(ctx, 1),
  up: (ctx) => moveSelection(ctx, -1),
  'page-down': (ctx) => moveSelection(ctx, pageOf(ctx)),
  'page-up': (ctx) => moveSelection(ctx, -pageOf(ctx)),
  top: (ctx) => moveToEnd(ctx, 'first'),
  bottom: (ctx) => moveToEnd(ctx, 'last'),

  'log-follow': toggleFollow,
  'log-wrap': toggleWrap,
  'log-search': (ctx) => openOverlay(ctx.store, {kind: 'search', typed: ''}),
  'log-next': nextMatch,
  'log-less': openLess,

  back: goBack,
  palette: (ctx) => openOverlay(ctx.store, {kind: 'palette', typed: '', chosen: 0}),
  help: (ctx) => openOverlay(ctx.store, {kind: 'help', top: 0}),
  'read-only': toggleReadOnly,
  faster: (ctx) => changeTick(ctx, -1),
  slower: (ctx) => changeTick(ctx, 1),
  repaint: (ctx) => ctx.terminal.repaint(),
  quit: (ctx) => ctx.terminal.quit(),
};

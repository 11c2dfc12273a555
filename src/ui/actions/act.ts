import type {ActionId} from '../keys/bindings.ts';
import {changeView, openOverlay} from '../store/console-store.ts';
import type {ActionContext} from './context.ts';
import {copySelected} from './copy.ts';
import {askToCancel, orderLanes, toggleMark} from './lanes.ts';
import {nextMatch, openLess, openLog, toggleFollow, toggleWrap} from './log.ts';
import {changeTick, goBack, nextOrder, openDetail, openFilter, toggleHelp, toggleReadOnly} from './look.ts';
import {goToPane, moveSelection, moveToEnd, pageOf, stepPane} from './move.ts';
import {order} from './order.ts';
import {ask, askToConfirm, toggleHold, writeReport} from './run.ts';

/** What every action does. Whether it may was asked before (`off` of its binding). */
export const ACTIONS: Readonly<Record<ActionId, (ctx: ActionContext) => void | Promise<void>>> = {
  'confirm-step': askToConfirm,
  'pause-lane': async (ctx) => orderLanes(ctx, 'pause-unit'),
  'resume-lane': async (ctx) => orderLanes(ctx, 'resume-unit'),
  retry: async (ctx) => orderLanes(ctx, 'retry-unit'),
  'cancel-lane': askToCancel,
  log: openLog,
  mark: toggleMark,
  'pause-all': (ctx) => ask(ctx, {about: 'pause-all'}),
  'resume-all': async (ctx) => void (await order(ctx, {type: 'resume-all'})),
  hold: toggleHold,

  continue: (ctx) => ask(ctx, {about: 'continue'}),
  findings: (ctx) => openOverlay(ctx.store, {kind: 'findings', top: 0}),
  'pause-replay': (ctx) => ask(ctx, {about: 'pause-replay'}),
  'resume-replay': (ctx) => ask(ctx, {about: 'resume-replay'}),
  'accept-differences': (ctx) => ask(ctx, {about: 'accept-differences'}),
  release: (ctx) => ask(ctx, {about: 'release'}),
  'cdc-started': (ctx) => ask(ctx, {about: 'cdc-started'}),
  shutdown: (ctx) => ask(ctx, {about: 'shutdown'}),
  'shutdown-lanes': (ctx) => ask(ctx, {about: 'shutdown-lanes'}),
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
  help: toggleHelp,
  'read-only': toggleReadOnly,
  faster: (ctx) => changeTick(ctx, -1),
  slower: (ctx) => changeTick(ctx, 1),
  repaint: (ctx) => ctx.terminal.repaint(),
  quit: (ctx) => ctx.terminal.quit(),
};

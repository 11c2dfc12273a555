import type {ActionContext} from '../binding/context.ts';
import {paneRoom} from '../screen/layout.ts';
import type {LogView} from '../store/overlay.ts';
import {firstRow, type LogRoom, logRoom, movedBy} from './rows.ts';

/** Follows the log's end, or stops there. */
export function toggleFollow(ctx: ActionContext): void {
  const log = openLogOf(ctx);
  if (log !== null) replaceLog(ctx, {...log, first: firstRow(log, roomOf(ctx)), follow: !log.follow});
}

/** Wraps long lines, or cuts them; the line at the top stays there. */
export function toggleWrap(ctx: ActionContext): void {
  const log = openLogOf(ctx);
  if (log === null) return;
  replaceLog(ctx, {...log, first: {line: firstRow(log, roomOf(ctx)).line, row: 0}, wrap: !log.wrap});
}

/** Moves a log by so many rows; it stops at its ends, and follows no longer. */
export function scrollLog(ctx: ActionContext, by: number): void {
  const log = openLogOf(ctx);
  if (log !== null) replaceLog(ctx, {...log, first: movedBy(log, by, roomOf(ctx)), follow: false});
}

/** The cells of the open log. */
export function roomOf(ctx: ActionContext): LogRoom {
  return logRoom(paneRoom(ctx.store.getState().view));
}

/** The open log; a search line may lie over it. Null where none is open. */
export function openLogOf(ctx: ActionContext): LogView | null {
  return ctx.store.getState().view.overlays.find((overlay) => overlay.kind === 'log') ?? null;
}

/** Replaces the open log. */
export function replaceLog(ctx: ActionContext, log: LogView): void {
  const {view} = ctx.store.getState();
  ctx.store.setState({
    view: {...view, overlays: view.overlays.map((overlay) => (overlay.kind === 'log' ? log : overlay))},
  });
}

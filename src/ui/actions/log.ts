import {lastTop} from '../draw/overlay.ts';
import {openOverlay, say} from '../store/console-store.ts';
import type {LogView} from '../store/overlay.ts';
import {widthOf} from '../screen/width.ts';
import {unitTitle} from '../view-model/unit-title.ts';
import {lastMatchAbove, logRows, logWidth, topRewrapped} from '../view-model/log-rows.ts';
import {selectedId} from '../view-model/selection.ts';
import type {ActionContext} from './context.ts';

const FIRST_PIECE = 64 * 1024;
const KEPT = 256 * 1024;

/** Opens the log of the lane under the cursor at its end. */
export async function openLog(ctx: ActionContext): Promise<void> {
  const state = ctx.store.getState();
  const id = selectedId(state, 'lanes');
  const unit = state.live.run.units.find((one) => one.id === id);
  if (unit === undefined) return;
  openOverlay(ctx.store, {
    kind: 'log',
    unit: unit.id,
    title: unitTitle(unit),
    status: 'loading',
    text: '',
    end: -FIRST_PIECE,
    follow: true,
    wrap: false,
    top: 0,
    search: '',
  });
  await readOn(ctx);
}

/** Reads what the open log has grown by; the console's ticks call it while the log follows. */
export async function readOn(ctx: ActionContext): Promise<void> {
  const asked = openLogOf(ctx);
  if (asked === null) return;
  const piece = await ctx.client.readLog(asked.unit, asked.end);
  const now = openLogOf(ctx);
  // It was closed, is another one, or was read by somebody else meanwhile.
  if (now === null || now.unit !== asked.unit || now.end !== asked.end) return;
  if (piece === null) {
    if (now.status !== 'gone') replaceLog(ctx, {...now, status: 'gone'});
    return;
  }
  const end = piece.from + new TextEncoder().encode(piece.text).length;
  if (piece.text === '' && now.status === 'ready') return;
  // A log that is shorter than it was belongs to a new attempt.
  const before = piece.from === now.end ? now.text : '';
  replaceLog(ctx, {...now, status: 'ready', text: (before + piece.text).slice(-KEPT), end});
}

/** Follows the log's end, or stops there. */
export function toggleFollow(ctx: ActionContext): void {
  const log = openLogOf(ctx);
  if (log !== null) replaceLog(ctx, {...log, follow: !log.follow, top: lastTop(ctx.store.getState(), log)});
}

/** Wraps long lines, or cuts them; the line at the top stays there. */
export function toggleWrap(ctx: ActionContext): void {
  const log = openLogOf(ctx);
  if (log === null) return;
  replaceLog(ctx, {...log, wrap: !log.wrap, top: topRewrapped(log, logWidth(ctx.store.getState().view.columns))});
}

/** Searches the log for these words, whatever their case, and goes to the last match. */
export function searchLog(ctx: ActionContext, words: string): void {
  const log = openLogOf(ctx);
  if (log === null) return;
  replaceLog(ctx, {...log, search: words});
  nextMatch(ctx);
}

/** To the next match above the top row; from the end again when there is none. */
export function nextMatch(ctx: ActionContext): void {
  const log = openLogOf(ctx);
  if (log === null || log.search === '') {
    say(ctx.store, 'nothing is searched: /', 'dim');
    return;
  }
  const width = logWidth(ctx.store.getState().view.columns);
  // Also in what is cut off on the right.
  const rows = logRows(log, log.wrap ? width : Infinity);
  const from = log.follow ? rows.length : log.top;
  const found = lastMatchAbove(rows, log.search, from) ?? lastMatchAbove(rows, log.search, rows.length);
  if (found === null) say(ctx.store, `no line has ${log.search}`, 'warn');
  else {
    replaceLog(ctx, {...log, follow: false, top: found});
    if (widthOf(rows[found] ?? '') > width) say(ctx.store, 'the line is cut on the right: w wraps it', 'dim');
  }
}

/** The whole log in a pager. */
export async function openLess(ctx: ActionContext): Promise<void> {
  const log = openLogOf(ctx);
  const {showLog} = ctx.outside;
  if (log === null) return;
  if (showLog === null) say(ctx.store, 'no pager here', 'warn');
  else await ctx.terminal.lend(async () => showLog(log.unit));
}

// A search line may lie over the log.
function openLogOf(ctx: ActionContext): LogView | null {
  return ctx.store.getState().view.overlays.find((overlay) => overlay.kind === 'log') ?? null;
}

function replaceLog(ctx: ActionContext, log: LogView): void {
  const {view} = ctx.store.getState();
  ctx.store.setState({
    view: {...view, overlays: view.overlays.map((overlay) => (overlay.kind === 'log' ? log : overlay))},
  });
}

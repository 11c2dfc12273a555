import type {UnitLogPiece} from '../../domain/run/log-piece.ts';
import {openOverlay, say} from '../store/console-store.ts';
import type {LogView} from '../store/overlay.ts';
import {paneRoom} from '../screen/layout.ts';
import {screenText} from '../screen/screen-text.ts';
import {widthOf} from '../screen/width.ts';
import {unitTitle} from '../view-model/unit-title.ts';
import {
  findWords,
  firstRow,
  lastMatchAbove,
  linesOf,
  logRoom,
  movedBy,
  placeOfMatch,
  safeLine,
  type LogRoom,
} from '../panes/log-rows.ts';
import {selectedId} from '../view-model/selection.ts';
import type {ActionContext} from './context.ts';

const FIRST_PIECE = 64 * 1024;
/** Characters of a log that are kept; further behind than so many bytes, it is read from its end again. */
const KEPT = 256 * 1024;
const NOTHING_READ = {
  status: 'loading',
  attempt: null,
  lines: [],
  begun: '',
  end: -FIRST_PIECE,
  isWhole: false,
} as const;

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
    ...NOTHING_READ,
    follow: true,
    wrap: false,
    first: {line: 0, row: 0},
    search: '',
  });
  await readOn(ctx);
}

/** Reads what the open log has grown by, to its end; the console's ticks call it while the log follows. */
export async function readOn(ctx: ActionContext): Promise<void> {
  const asked = openLogOf(ctx);
  if (asked === null) return;
  const piece = await ctx.client.readLog(asked.unit, asked.end);
  const now = openLogOf(ctx);
  // It was closed, is another one, or was read by somebody else meanwhile.
  if (now === null || now.unit !== asked.unit || now.end !== asked.end || now.attempt !== asked.attempt) return;
  // Somebody goes through what was read: nothing moves under him.
  if (!now.follow && now.attempt !== null) return;
  if (typeof piece === 'string') {
    const status = piece === 'not started' ? piece : 'unread';
    if (now.status !== status) replaceLog(ctx, {...now, status});
    return;
  }
  // A new attempt has a log of its own, and what would take long to catch up with is not read in between.
  const another = now.attempt !== null && now.attempt !== piece.attempt;
  if (another || (now.end >= 0 && piece.size - piece.end > KEPT)) {
    replaceLog(ctx, {...now, ...NOTHING_READ});
    await readOn(ctx);
    return;
  }
  if (piece.text !== '' || now.status !== 'ready') replaceLog(ctx, withPiece(now, piece));
  if (piece.text !== '' && piece.end < piece.size) await readOn(ctx);
}

function withPiece(log: LogView, piece: UnitLogPiece): LogView {
  const isFirst = log.attempt === null;
  // A piece from the middle begins with the rest of a line.
  const text = isFirst && piece.from > 0 ? piece.text.slice(piece.text.indexOf('\n') + 1) : piece.text;
  const whole = (log.begun + text).split('\n');
  const begun = (whole.pop() ?? '').slice(-KEPT);
  const all = [...log.lines, ...whole.map(safeLine)];
  let room = KEPT - begun.length;
  const dropped = all.findLastIndex((line) => (room -= line.length + 1) < 0) + 1;
  return {
    ...log,
    status: 'ready',
    attempt: piece.attempt,
    lines: all.slice(dropped),
    begun,
    end: piece.end,
    isWhole: dropped === 0 && (isFirst ? piece.from === 0 : log.isWhole),
  };
}

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
  const lines = linesOf(log);
  const room = roomOf(ctx);
  const from = log.follow ? lines.length : firstRow(log, room).line;
  const above = lastMatchAbove(lines, log.search, from);
  const found = above ?? lastMatchAbove(lines, log.search, lines.length);
  if (found === null) {
    say(
      ctx.store,
      `no line has ${log.search}${log.isWhole ? '' : ' in this last part: v shows the whole log'}`,
      'warn',
    );
    return;
  }
  replaceLog(ctx, {...log, follow: false, first: placeOfMatch(log, found, log.search, room.width)});
  const line = lines[found] ?? '';
  const before = line.slice(0, findWords(line, log.search)?.at);
  if (above === null) say(ctx.store, 'no more above: from the end again', 'dim');
  if (!log.wrap && widthOf(before) >= room.width - 1)
    say(ctx.store, 'the match is cut off on the right: w wraps', 'dim');
}

/** The whole log in a pager. */
export async function openLess(ctx: ActionContext): Promise<void> {
  const log = openLogOf(ctx);
  const {showLog} = ctx.outside;
  if (log === null) return;
  if (showLog === null) {
    say(ctx.store, 'no pager here', 'warn');
    return;
  }
  try {
    await ctx.terminal.lend(async () => showLog(log.unit));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    say(ctx.store, `less cannot show it (${screenText(why)}): longhaul logs ${log.unit}, in another window`, 'warn');
  }
}

function roomOf(ctx: ActionContext): LogRoom {
  return logRoom(paneRoom(ctx.store.getState().view));
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

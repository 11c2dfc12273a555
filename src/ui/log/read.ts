import type {LoadUnit} from '../../domain/run/load-unit.ts';
import type {UnitLogPiece} from '../../domain/run/log-piece.ts';
import type {ActionContext} from '../binding/context.ts';
import {screenText} from '../screen/screen-text.ts';
import {openOverlay, say} from '../store/console-store.ts';
import type {LogView} from '../store/overlay.ts';
import {unitTitle} from '../view-model/unit-title.ts';
import {openLogOf, replaceLog} from './move.ts';
import {safeLine} from './rows.ts';

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

/** Opens the log of a unit at its end. */
export async function openLog(ctx: ActionContext, unit: LoadUnit): Promise<void> {
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
  // It was closed, is another one, or was read by another tick meanwhile.
  if (now === null || now.unit !== asked.unit || now.end !== asked.end || now.attempt !== asked.attempt) return;
  // The operator reads what is there: nothing moves under the cursor.
  if (!now.follow && now.attempt !== null) return;
  if (typeof piece === 'string') {
    const status = piece === 'not started' ? piece : 'unread';
    if (now.status !== status) replaceLog(ctx, {...now, status});
    return;
  }
  // A new attempt has its own log, and what would take long to catch up with is not read in between.
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

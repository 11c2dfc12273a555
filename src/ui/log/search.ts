import type {ActionContext} from '../binding/context.ts';
import {widthOf} from '../screen/width.ts';
import {say} from '../store/console-store.ts';
import {openLogOf, replaceLog, roomOf} from './move.ts';
import {findWords, firstRow, linesOf, placeOfMatch} from './rows.ts';

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
  if (log === null) return;
  const lines = linesOf(log);
  const from = log.follow ? lines.length : firstRow(log, roomOf(ctx)).line;
  const above = lastMatch(lines.slice(0, from), log.search);
  const found = above ?? lastMatch(lines, log.search);
  goTo(ctx, found, above === null ? 'no more above: from the end again' : '');
}

/** To the next match below the last one; from the beginning again when there is none. */
export function previousMatch(ctx: ActionContext): void {
  const log = openLogOf(ctx);
  if (log === null) return;
  const lines = linesOf(log);
  // The place of the last match, and not the top row: a match on the last page is never at the top.
  const from = log.follow ? lines.length : log.first.line + 1;
  const below = firstMatch(lines.slice(from), log.search);
  const found = below === null ? firstMatch(lines, log.search) : from + below;
  goTo(ctx, found, below === null ? 'no more below: from the beginning again' : '');
}

function goTo(ctx: ActionContext, found: number | null, note: string): void {
  const log = openLogOf(ctx);
  if (log === null || log.search === '') {
    say(ctx.store, 'nothing to search for yet: press /', 'dim');
    return;
  }
  if (found === null) {
    const where = log.isWhole ? '' : ' in this last part: v shows the whole log';
    say(ctx.store, `no line has ${log.search}${where}`, 'warn');
    return;
  }
  const {width} = roomOf(ctx);
  replaceLog(ctx, {...log, follow: false, first: placeOfMatch(log, found, log.search, width)});
  const line = linesOf(log)[found] ?? '';
  const before = line.slice(0, findWords(line, log.search)?.at);
  if (note !== '') say(ctx.store, note, 'dim');
  if (!log.wrap && widthOf(before) >= width - 1) say(ctx.store, 'the match is cut off on the right: w wraps', 'dim');
}

function lastMatch(lines: readonly string[], words: string): number | null {
  const found = lines.findLastIndex((line) => findWords(line, words) !== null);
  return found === -1 ? null : found;
}

function firstMatch(lines: readonly string[], words: string): number | null {
  const found = lines.findIndex((line) => findWords(line, words) !== null);
  return found === -1 ? null : found;
}

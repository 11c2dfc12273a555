import type {ActionContext} from '../binding/context.ts';
import {widthOf} from '../screen/width.ts';
import {say} from '../store/console-store.ts';
import {openLogOf, replaceLog, roomOf} from './move.ts';
import {findWords, firstRow, lastMatchAbove, linesOf, placeOfMatch} from './rows.ts';

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

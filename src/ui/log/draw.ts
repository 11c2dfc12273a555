import type {LogView} from '../store/overlay.ts';
import {type Line, span} from '../screen/span.ts';
import {clipLine} from '../screen/width.ts';
import {findWords, linesOf, logRoom, visibleRows} from './rows.ts';

/** The rows of the log that are on screen, in so many cells with its frame. */
export function drawLog(log: LogView, room: {width: number; height: number}): Line[] {
  if (linesOf(log).length === 0) return emptyLog(log);
  return visibleRows(log, logRoom(room)).map((row) => clipLine(marked(row, log.search), room.width - 2));
}

function emptyLog({status}: LogView): Line[] {
  switch (status) {
    case 'loading':
      return [];
    case 'ready':
      return [[span(' the log is empty', 'dim')]];
    case 'not started':
      return [[span(' the unit has not started yet', 'dim')]];
    case 'unread':
      return [[span(' the log cannot be read now: no connection to the supervisor', 'warn')]];
  }
}

/** For the title: how it is shown. */
export function logNote(log: LogView): string {
  return [
    log.status === 'unread' && log.follow ? 'NOT READ ANY MORE: no connection' : '',
    log.follow ? 'following' : 'not following, F follows',
    log.wrap ? 'wrapped' : '',
    log.search === '' ? '' : `searched: ${log.search}`,
    log.attempt === null || log.attempt === 1 ? '' : `attempt ${log.attempt}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function marked(row: string, search: string): Line {
  const found = findWords(row, search);
  if (found === null) return [span(` ${row}`, /\b(ERROR|FATAL|PANIC|error:)/.test(row) ? 'bad' : 'plain')];
  const end = found.at + found.length;
  return [span(` ${row.slice(0, found.at)}`), span(row.slice(found.at, end), 'accent'), span(row.slice(end))];
}

import type {LogView} from '../store/overlay.ts';
import {type Line, span} from '../screen/span.ts';
import {clipLine} from '../screen/width.ts';
import {logRows} from '../view-model/log-rows.ts';

/** The rows of the log that are on screen: its end while it follows. */
export function drawLog(log: LogView, look: {width: number; height: number}): Line[] {
  if (log.status === 'gone')
    return [[span(' the log cannot be read now: no connection, or the unit has not started', 'warn')]];
  if (log.status === 'loading') return [];
  const rows = logRows(log, look.width - 1);
  if (rows.length === 0) return [[span(' the log is empty', 'dim')]];
  const last = Math.max(0, rows.length - look.height);
  const top = log.follow ? last : Math.min(log.top, last);
  return rows.slice(top, top + look.height).map((row) => clipLine(marked(row, log.search), look.width));
}

/** For the title: how it is shown. */
export function logNote(log: LogView): string {
  const search = log.search === '' ? '' : ` · searched: ${log.search}`;
  return `${log.follow ? 'following' : 'not following, F follows'}${log.wrap ? ' · wrapped' : ''}${search}`;
}

function marked(row: string, search: string): Line {
  const at = search === '' ? -1 : row.toLowerCase().indexOf(search.toLowerCase());
  if (at === -1) return [span(` ${row}`, /\b(ERROR|FATAL|PANIC|error:)/.test(row) ? 'bad' : 'plain')];
  return [
    span(` ${row.slice(0, at)}`),
    span(row.slice(at, at + search.length), 'accent'),
    span(row.slice(at + search.length)),
  ];
}

import {isoTime} from '../../domain/base/iso-time.ts';
import {dayAndMinute} from './iso-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time ahead, as exactly as it is known: `40 s`, `12 min`, `7 h 20 min`, `19 h`, `3 d 4 h`, `over a year`. Null is `?`. */
export function formatAhead(ms: number | null): string {
  if (ms === null) return '?';
  if (ms < MINUTE) return `${Math.max(0, Math.ceil(ms / 1000))} s`;
  if (ms < 2 * HOUR) return `${Math.round(ms / MINUTE)} min`;
  if (ms < 10 * HOUR) return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.round(ms / HOUR)} h`;
  if (ms > 365 * DAY) return 'over a year';
  return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`;
}

/** When a time ahead is over, by the clock: `03:10 UTC`, on another day `11-27 03:10 UTC`. */
export function clockAhead(nowMs: number, aheadMs: number): string {
  const [now, then] = [dayAndMinute(isoTime(nowMs)), dayAndMinute(isoTime(nowMs + aheadMs))];
  const sameDay = now.slice(0, 5) === then.slice(0, 5);
  return `${sameDay ? then.slice(6) : then} UTC`;
}

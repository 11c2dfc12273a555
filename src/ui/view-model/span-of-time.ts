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

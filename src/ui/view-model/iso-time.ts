const FORM = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3})\d*)?Z$/;

/** `2026-11-23T22:10:03.123Z` in milliseconds since 1970, UTC; null when the text is no such time. */
export function isoToMs(iso: string): number | null {
  const match = FORM.exec(iso);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '0'] = match;
  const days = daysSince1970(Number(year), Number(month), Number(day));
  const seconds = days * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  return seconds * 1000 + Number(fraction.padEnd(3, '0'));
}

/** Milliseconds from that time until now, never negative; null when there is no such time. */
export function msSince(iso: string | null, nowMs: number): number | null {
  const at = iso === null ? null : isoToMs(iso);
  return at === null ? null : Math.max(0, nowMs - at);
}

/** The time of day, UTC: `22:10:03`. */
export function timeOfDay(iso: string): string {
  return FORM.test(iso) ? iso.slice(11, 19) : '--:--:--';
}

/** Day and minute, UTC: `11-23 22:10`. */
export function dayAndMinute(iso: string): string {
  return FORM.test(iso) ? `${iso.slice(5, 10)} ${iso.slice(11, 16)}` : '?';
}

// Days from the civil calendar, http://howardhinnant.github.io/date_algorithms.html#days_from_civil
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

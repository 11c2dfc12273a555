/** A moment of the jump box's clock as journal, readings and messages write it, ISO 8601 in UTC: `2026-11-26T19:23:33.000Z`. */
export function isoTime(ms: number): string {
  // oxlint-disable-next-line no-restricted-globals -- of a moment that is given; it does not ask what time it is
  return new Date(ms).toISOString();
}

/** Such a moment as milliseconds since 1970; NaN where it is none. */
export function msOf(iso: string): number {
  // oxlint-disable-next-line no-restricted-globals -- of a moment that is given; it does not ask what time it is
  return Date.parse(iso);
}

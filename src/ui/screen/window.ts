/** Which rows of a list are on screen. */
export interface Window {
  readonly top: number;
  readonly bottom: number;
}

/** The `height` rows of `count` around the selected one, which is kept in the middle where that is possible. -1 is none: from the top. */
export function windowAround(count: number, selected: number, height: number): Window {
  const room = Math.max(0, height);
  const wanted = Math.max(0, selected) - Math.floor(room / 2);
  const top = Math.max(0, Math.min(wanted, count - room));
  return {top, bottom: Math.min(count, top + room)};
}

/** Said where not every row of a list is on screen: `rows 3-14 · `. */
export function partShown({top, bottom}: Window, count: number): string {
  return bottom - top === count ? '' : `rows ${top + 1}-${bottom} · `;
}

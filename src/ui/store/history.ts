/** One value at a time. */
export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

const KEPT = 120;
const MIN_SPAN_MS = 30_000;

/** The history with one more sample, at most 120 of them; a sample that is not newer than the last one changes nothing. */
export function remember(history: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = history.at(-1);
  if (last !== undefined && sample.atMs <= last.atMs) return history;
  return [...history.slice(1 - KEPT), sample];
}

/** Change per second over the whole history; null until it spans half a minute, because a shorter look misleads. */
export function ratePerSecond(history: readonly Sample[]): number | null {
  const first = history[0];
  const last = history.at(-1);
  if (first === undefined || last === undefined) return null;
  const spanMs = last.atMs - first.atMs;
  return spanMs < MIN_SPAN_MS ? null : ((last.value - first.value) / spanMs) * 1000;
}

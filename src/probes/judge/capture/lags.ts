import type {Figure} from '../../../domain/reading/figure.ts';
import {withSample, type Sample} from '../../../domain/reading/growth.ts';

/** The figures that are kept as series. */
const KEPT: ReadonlySet<string> = new Set(['lag_bytes', 'lag_seconds']);
/** For so long they are kept: longer than the hours that are judged. */
export const LAGS_KEPT_MS = 4 * 60 * 60_000;
/** A reading every few seconds; four a second come while a cutover is under way. */
const GAP_MS = 2000;
/** What applied nothing for so long begins anew: that it fell behind meanwhile says nothing of its pace. */
const IDLE_SECONDS = 60;
/** What tells that a slot is not applied now, or for how long it is not. */
const STILL: ReadonlySet<string> = new Set(['disabled', 'down_seconds', 'blocked_by']);
const FOR_LONG: ReadonlySet<string> = new Set(['disabled_seconds', 'down_seconds']);

/** The name of a slot's series: `lag_bytes slot lh_01`. Pure. */
export function lagKey(name: 'lag_bytes' | 'lag_seconds', of: string): string {
  return `${name} ${of}`;
}

/** How far each slot was behind, with one more reading of change capture; slots that it does not have any more go. Pure. */
export function withLags(
  before: ReadonlyMap<string, readonly Sample[]>,
  figures: readonly Figure[],
  atMs: number,
): ReadonlyMap<string, readonly Sample[]> {
  const idle = new Set(
    figures.flatMap(({name, of, value}) => (FOR_LONG.has(name) && (value ?? 0) >= IDLE_SECONDS ? [of] : [])),
  );
  return new Map(
    figures.flatMap(({name, of, value}): [string, readonly Sample[]][] => {
      if (!KEPT.has(name) || value === null) return [];
      const key = `${name} ${of}`;
      const known = idle.has(of) ? [] : (before.get(key) ?? []);
      return [[key, withSample(known, {atMs, value}, {gapMs: GAP_MS, keepMs: LAGS_KEPT_MS})]];
    }),
  );
}

/** Whether the changes of a slot are applied now, of a reading of change capture. Pure. */
export function isApplied(figures: readonly Figure[], of: string): boolean {
  return figures.every((figure) => figure.of !== of || !STILL.has(figure.name) || (figure.value ?? 0) === 0);
}

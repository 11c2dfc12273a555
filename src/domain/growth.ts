/** One value at a time; `value` is in whatever unit the caller counts, here always bytes. */
export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

/** How fast something grows, in units per second, with what the windows and their pairs of samples allow. */
export interface Growth {
  readonly perSecond: number;
  readonly slowest: number;
  readonly fastest: number;
}

/** The looks back: a burst shows in the first, the day's load in the last. */
const WINDOWS_MS = [60_000, 300_000, 1_800_000] as const;

/** A window says something from this share of its length on. */
const ENOUGH = 0.5;

/** Pairs grow with the square: 60 samples are 1770 pairs. */
const THINNED_TO = 60;

/**
 * The growth of a series, oldest sample first: per window the median of the slopes between pairs of samples (Theil–Sen), and the median
 * of the windows; one burst or one stall does not turn it. Null until the samples span half a minute, or with fewer than four.
 * Source: https://en.wikipedia.org/wiki/Theil%E2%80%93Sen_estimator
 */
export function estimateGrowth(samples: readonly Sample[]): Growth | null {
  const last = samples.at(-1);
  if (last === undefined) return null;
  const windows = WINDOWS_MS.flatMap((lengthMs) => {
    const inside = samples.filter((sample) => sample.atMs >= last.atMs - lengthMs);
    const first = inside[0];
    return first === undefined || inside.length < 4 || last.atMs - first.atMs < lengthMs * ENOUGH
      ? []
      : [slopesOf(thin(inside))];
  });
  const longest = windows.at(-1);
  if (longest === undefined) return null;
  const medians = windows.map((slopes) => quantile(slopes, 0.5));
  return {
    perSecond: quantile(medians.toSorted(ascending), 0.5),
    slowest: Math.min(...medians, quantile(longest, 0.25)),
    fastest: Math.max(...medians, quantile(longest, 0.75)),
  };
}

/**
 * The series with one more sample, without what is older than the longest look back. Samples come at least `gapMs` apart: nearer ones
 * are passed over, so that a series stays small however often it is asked.
 */
export function withSample(samples: readonly Sample[], sample: Sample, gapMs = 0): readonly Sample[] {
  const last = samples.at(-1);
  if (last !== undefined && sample.atMs < last.atMs + Math.max(1, gapMs)) return samples;
  const oldest = sample.atMs - (WINDOWS_MS.at(-1) ?? 0);
  return [...samples.filter((one) => one.atMs >= oldest), sample];
}

/** Slopes of all pairs that lie apart by a tenth of the span, ascending; nearer pairs are mostly the steps of 16 MB segments. */
function slopesOf(samples: readonly Sample[]): number[] {
  const spanMs = (samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0);
  const slopes = samples.flatMap((from, index) =>
    samples.slice(index + 1).flatMap((to) => {
      const apartMs = to.atMs - from.atMs;
      return apartMs >= spanMs / 10 && apartMs > 0 ? [((to.value - from.value) / apartMs) * 1000] : [];
    }),
  );
  return slopes.toSorted(ascending);
}

function thin(samples: readonly Sample[]): readonly Sample[] {
  if (samples.length <= THINNED_TO) return samples;
  const step = (samples.length - 1) / (THINNED_TO - 1);
  return Array.from({length: THINNED_TO}, (_, index) => samples[Math.round(index * step)]).filter(
    (sample) => sample !== undefined,
  );
}

/** Of ascending numbers; between two of them in proportion. */
function quantile(ordered: readonly number[], share: number): number {
  const place = (ordered.length - 1) * share;
  const below = ordered[Math.floor(place)] ?? 0;
  const above = ordered[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

function ascending(a: number, b: number): number {
  return a - b;
}

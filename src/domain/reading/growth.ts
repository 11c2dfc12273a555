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

const MINUTE = 60_000;

/** The windows: a burst shows in the first, the night's batch in the last. */
const WINDOWS_MS = [MINUTE, 5 * MINUTE, 30 * MINUTE, 360 * MINUTE, 1440 * MINUTE] as const;

/** What is older than this is kept once a minute. */
const CLOSE_MS = 30 * MINUTE;

/** A window says something from this share of its length on. */
const ENOUGH = 0.5;

/** From this span on what came in all is a rate too: over less, one burst would be taken for what always comes. */
const LONG_MS = 180 * MINUTE;

/** A window that is judged in parts, and how many: five minutes each show what comes every five minutes. */
const PARTED_MS = 15 * MINUTE;
const PARTS = 6;

/** Pairs grow with the square: 60 samples are 1770 pairs. */
const THINNED_TO = 60;

/**
 * The growth of a series, oldest sample first: per window the median of the slopes between pairs of samples (Theil–Sen), and the median
 * of the windows; one burst or one stall does not turn it. What comes in bursts has a median of nothing in the short windows, and fills a
 * disk all the same: what most parts of the longest window have brought counts if it is more, and over hours what all of it has brought.
 * Null until the samples span half a minute, or with fewer than four.
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
      : [{slopes: slopesOf(thin(inside)), inside}];
  });
  const longest = windows.at(-1);
  if (longest === undefined) return null;
  const medians = windows.map(({slopes}) => quantile(slopes, 0.5));
  const perSecond = Math.max(quantile(medians.toSorted(ascending), 0.5), ...ratesOfBursts(longest.inside));
  return {
    perSecond,
    slowest: Math.min(...medians, quantile(longest.slopes, 0.25)),
    fastest: Math.max(...medians, quantile(longest.slopes, 0.75), perSecond),
  };
}

/** What most sixths of a window have brought, and over hours what all of it has. */
function ratesOfBursts(samples: readonly Sample[]): number[] {
  const startMs = samples[0]?.atMs ?? 0;
  const spanMs = (samples.at(-1)?.atMs ?? 0) - startMs;
  if (spanMs < PARTED_MS) return [];
  const valueAt = (ms: number): number => samples.findLast(({atMs}) => atMs <= ms)?.value ?? 0;
  const ends = Array.from({length: PARTS + 1}, (_, n) => valueAt(startMs + (n * spanMs) / PARTS));
  const rates = ends.slice(1).map((end, n) => ((end - (ends[n] ?? 0)) / spanMs) * PARTS * 1000);
  const inAll = (((ends.at(-1) ?? 0) - (ends[0] ?? 0)) / spanMs) * 1000;
  return [quantile(rates.toSorted(ascending), 0.5), ...(spanMs < LONG_MS ? [] : [inAll])];
}

/**
 * The series with one more sample, without what is older than `keepMs`, by default the longest window. Samples come
 * at least `gapMs` apart, and a minute once they are old: nearer ones are passed over, so that a series stays small however often it is
 * asked.
 */
export function withSample(
  samples: readonly Sample[],
  sample: Sample,
  {gapMs = 0, keepMs = WINDOWS_MS[4]}: {gapMs?: number; keepMs?: number} = {},
): readonly Sample[] {
  const last = samples.at(-1);
  if (last !== undefined && sample.atMs < last.atMs + Math.max(1, gapMs)) return samples;
  const kept: Sample[] = [];
  for (const one of samples) {
    const ageMs = sample.atMs - one.atMs;
    if (ageMs > keepMs) continue;
    if (ageMs > CLOSE_MS && one.atMs < (kept.at(-1)?.atMs ?? -Infinity) + MINUTE) continue;
    kept.push(one);
  }
  kept.push(sample);
  return kept;
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

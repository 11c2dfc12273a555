import type {Sample} from '../reading/growth.ts';

/** What a series has grown by in windows of one length: at most, and at least. */
interface Window {
  readonly ms: number;
  readonly most: number;
  readonly least: number;
}

/** What may come, from what has come: the growth of every window of a series. */
export interface Envelope {
  /** By length, shortest first, up to half of what was watched: a cycle of any length up to there was seen twice. Both bounds rise with the length. */
  readonly windows: readonly Window[];
  /** Units per millisecond of a growth that goes on now and is more than any before it; 0 where none is. */
  readonly fastestNow: number;
  /** Of a pause that goes on now and is longer, or a growth that is less, than any before it; null where none is. */
  readonly slowestNow: number | null;
}

/** When a growth fills some room, in milliseconds: at the soonest, and at the latest, null being never. Infinity where nothing grows. */
export interface Fill {
  readonly soonestMs: number;
  readonly latestMs: number | null;
}

const MINUTE_MS = 60_000;
/** What is older than this is kept once a minute: see withSample. */
const CLOSE_MS = 30 * MINUTE_MS;
/** From here on minutes are close enough. */
const LONG_MS = 10 * MINUTE_MS;
/** A window is laid at each of so many parts of its length. */
const STEPS = 40;
const LEAST_STEP_MS = 2000;

const SHORTEST_MS = 10_000;
const LONGER_BY = 1.25;

/** Before this nothing is known. */
const ENOUGH_MS = 30_000;
const ENOUGH_SAMPLES = 4;

/** What goes on now is something new where it is so much beyond everything before it. */
const NEW_BY = 0.1;

/** A history shorter than this, and than so many times the forecast itself, has not shown whether writers pause, and for how long. */
const SHORT_MS = 600_000;
const SHORT = 4;

/**
 * The envelope of a series, oldest sample first: for windows of every length the most and the least that it has grown by. It holds for whatever comes in
 * cycles, however uneven, once a cycle was seen twice. Null until the samples span half a minute, or with fewer than four. Pure.
 * Source: arrival curves, https://en.wikipedia.org/wiki/Network_calculus
 */
export function envelopeOf(samples: readonly Sample[]): Envelope | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || samples.length < ENOUGH_SAMPLES) return null;
  const spanMs = last.atMs - first.atMs;
  if (spanMs < ENOUGH_MS) return null;
  const minutes = spanMs > CLOSE_MS ? gridOf(samples, {spanMs, stepMs: MINUTE_MS}) : null;
  let most = 0;
  let least = 0;
  let fastestNow = 0;
  let slowestNow: number | null = null;
  const windows = lengthsUpTo(spanMs / 2).map((ms): Window => {
    const grown = grownIn(samples, ms, {spanMs, minutes});
    const {now, before} = grown;
    if (ms >= ENOUGH_MS) {
      if (now > before.most * (1 + NEW_BY)) fastestNow = Math.max(fastestNow, now / ms);
      if (now < before.least * (1 - NEW_BY)) slowestNow = Math.min(slowestNow ?? Infinity, Math.max(0, now / ms));
    }
    most = Math.max(most, grown.most);
    least = Math.max(least, grown.least);
    return {ms, most, least};
  });
  return {windows, fastestNow, slowestNow};
}

/** When so much room is filled, by an envelope. Pure. */
export function fillOf({windows, fastestNow, slowestNow}: Envelope, room: number): Fill {
  // As many whole windows as the room takes, and a part of one more. All lengths limit what comes: the strictest counts.
  const soonest = windows.map(({ms, most}) => inWindows(room, {ms, by: most}, (rest) => soonestPart(windows, rest)));
  const latest = windows.map(({ms, least}) => inWindows(room, {ms, by: least}, (rest) => latestPart(windows, rest)));
  const soonestMs = Math.min(Math.max(0, ...soonest), fastestNow > 0 ? room / fastestNow : Infinity);
  const slowMs = Math.max(Math.min(...latest), slowestNow === null ? 0 : slowestNow > 0 ? room / slowestNow : Infinity);
  const watchedMs = 2 * (windows.at(-1)?.ms ?? 0);
  const isShort = watchedMs < SHORT_MS && watchedMs < SHORT * slowMs;
  return {soonestMs, latestMs: isShort || slowMs === Infinity ? null : Math.max(soonestMs, slowMs)};
}

/** Units per millisecond over the windows that are most alike, which are those that whole cycles fit in; null where none are alike. Pure. */
export function evenRate({windows}: Envelope): number | null {
  const [most] = windows
    .filter((window) => window.most - window.least <= (window.most + window.least) / 2)
    .toSorted((a, b) => (a.most - a.least) / a.ms - (b.most - b.least) / b.ms);
  return most === undefined || most.most <= 0 ? null : (most.most + most.least) / 2 / most.ms;
}

function inWindows(room: number, {ms, by}: {ms: number; by: number}, part: (rest: number) => number): number {
  if (by <= 0) return Infinity;
  const whole = Math.max(0, Math.ceil(room / by) - 1);
  return whole * ms + part(room - whole * by);
}

/** The shortest time in which an amount may come: it has not come in the window before. */
function soonestPart(windows: readonly Window[], amount: number): number {
  return windows.findLast(({most}) => most < amount)?.ms ?? 0;
}

/** The longest time that an amount may take: it has always come in this window. */
function latestPart(windows: readonly Window[], amount: number): number {
  return windows.find(({least}) => least >= amount)?.ms ?? Infinity;
}

function lengthsUpTo(longestMs: number): number[] {
  const lengths: number[] = [];
  for (let ms = SHORTEST_MS; ms < longestMs; ms *= LONGER_BY) lengths.push(ms);
  return [...lengths, longestMs];
}

/** The extremes of a growth over all windows of a length. */
interface Extremes {
  readonly most: number;
  readonly least: number;
}

interface Grown extends Extremes {
  /** The window that ends with the series. */
  readonly now: number;
  /** Of those that have no part of it. */
  readonly before: Extremes;
}

/**
 * What a series has grown by in windows of a length. Old samples lie a minute apart: short windows are read from the close ones exactly, from the others
 * as well as they tell.
 */
function grownIn(
  samples: readonly Sample[],
  ms: number,
  {spanMs, minutes}: {readonly spanMs: number; readonly minutes: Float64Array | null},
): Grown {
  const isShort = ms < LONG_MS;
  const stepMs = Math.max(ms / STEPS, isShort || minutes === null ? LEAST_STEP_MS : MINUTE_MS);
  const grid = gridOf(samples, {spanMs: isShort ? Math.min(spanMs, CLOSE_MS) : spanMs, stepMs});
  const length = Math.max(1, Math.round(ms / stepMs));
  const end = grid.length - 1;
  const now = (grid[end] ?? 0) - (grid[end - length] ?? 0);
  const close = extremesOf(grid, {length, wider: 1, from: 0});
  const before = extremesOf(grid, {length, wider: 1, from: length});
  if (!isShort || minutes === null || ms < MINUTE_MS) return {...close, now, before};
  const old = {length: Math.round(ms / MINUTE_MS), wider: 0};
  return {
    ...widest(close, extremesOf(minutes, {...old, from: 0})),
    now,
    before: widest(before, extremesOf(minutes, {...old, from: old.length})),
  };
}

function widest(a: Extremes, b: Extremes): Extremes {
  return {most: Math.max(a.most, b.most), least: Math.min(a.least, b.least)};
}

/**
 * Of the windows of so many steps that end `from` steps before the last or earlier. A window that begins between two steps lies within one that is a step
 * longer, and around one that is a step shorter: with `wider` no window that the grid passes over is beyond what is found.
 */
function extremesOf(
  grid: Float64Array,
  {length, wider, from}: {readonly length: number; readonly wider: number; readonly from: number},
): Extremes {
  let most = -Infinity;
  let least = Infinity;
  const end = grid.length - 1 - from;
  for (let first = 0; first + length <= end; first += 1) {
    const start = grid[first] ?? 0;
    const long = (grid[Math.min(end, first + length + wider)] ?? 0) - start;
    const short = (grid[first + Math.max(1, length - wider)] ?? 0) - start;
    if (long > most) most = long;
    if (short < least) least = short;
  }
  return {most, least};
}

/** The series at equal steps that end with its last sample; between samples in proportion. */
function gridOf(
  samples: readonly Sample[],
  {spanMs, stepMs}: {readonly spanMs: number; readonly stepMs: number},
): Float64Array {
  const lastMs = samples.at(-1)?.atMs ?? 0;
  const steps = Math.floor(spanMs / stepMs);
  const grid = new Float64Array(steps + 1);
  let place = samples.length - 1;
  for (let step = steps; step >= 0; step -= 1) {
    const atMs = lastMs - (steps - step) * stepMs;
    while (place > 0 && (samples[place]?.atMs ?? 0) > atMs) place -= 1;
    const from = samples[place];
    const to = samples[place + 1] ?? from;
    if (from === undefined || to === undefined) continue;
    const share = to.atMs === from.atMs ? 0 : (atMs - from.atMs) / (to.atMs - from.atMs);
    grid[step] = from.value + share * (to.value - from.value);
  }
  return grid;
}

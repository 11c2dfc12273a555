import type {Eta} from './eta.ts';
import {estimateGrowth, withSample, type Sample} from './growth.ts';
import type {UnitReading} from './reading.ts';
import type {UnitState} from '../run/run-state.ts';

/** What an earlier attempt of the same run took for its indexes and for comparing; null where none came through it. */
export interface PastAttempt {
  readonly indexMs: number | null;
  readonly compareMs: number | null;
}

/** The share of the load that has to be in before its text tells of the rest. */
const ENOUGH_IN = 0.05;

/** A pipe that has carried a unit's bytes has not committed them: until then a hundredth of it is left. */
const MOST_UNCOMMITTED = 0.99;

/**
 * Heap bytes of the plan that are in or on their way. What went down the pipe is text, and compressed columns are plain in it: the units
 * that are in tell how many such bytes a heap byte makes; before the first of them one is taken for the other.
 */
export function loadedBytes(units: readonly UnitState[], readings: readonly UnitReading[]): number {
  const piped = pipedPerByte(units);
  return units.reduce((sum, unit) => sum + loadedOf(unit, readings, piped), 0);
}

function loadedOf(unit: UnitState, readings: readonly UnitReading[], piped: number): number {
  if (unit.state.status === 'committed') return unit.bytes;
  if (unit.state.status !== 'running') return 0;
  const bytes = readings.find((reading) => reading.unit === unit.id)?.bytes ?? 0;
  return Math.min(unit.bytes * MOST_UNCOMMITTED, bytes / piped);
}

function pipedPerByte(units: readonly UnitState[]): number {
  let heap = 0;
  let piped = 0;
  for (const unit of units) {
    // A unit that an earlier supervisor saw committed has no count of its bytes.
    if (unit.state.status !== 'committed' || unit.state.bytes === 0 || unit.kind === 'large-objects') continue;
    heap += unit.bytes;
    piped += unit.state.bytes;
  }
  // A few small tables say little of a large one, and bars must not run backwards for them.
  const total = units.reduce((sum, unit) => sum + (unit.kind === 'large-objects' ? 0 : unit.bytes), 0);
  return heap >= total * ENOUGH_IN && piped > 0 ? piped / heap : 1;
}

/** What the load's end is foretold from. */
export interface LoadSeen {
  readonly units: readonly UnitState[];
  /** Whether no new units are started. */
  readonly held: boolean;
  /** Whether the replica has left P: what is loaded has to be loaded again. */
  readonly lost: boolean;
  /** The running units' newest figures. */
  readonly readings: readonly UnitReading[];
  /** The series of `loadedBytes`, oldest first. */
  readonly loaded: readonly Sample[];
  readonly past: PastAttempt | null;
}

/**
 * What is left of the load and how long it takes: all that is left at the rate of all lanes, but never less than the slowest lane needs
 * for its own unit. Where nothing moves it says why instead. Null without a load. Pure.
 */
export function estimateLoad(seen: LoadSeen): Eta | null {
  const {units, loaded, past} = seen;
  const bytesTotal = units.reduce((sum, unit) => sum + unit.bytes, 0);
  if (bytesTotal === 0) return null;
  const bytesLeft = Math.max(0, bytesTotal - (loaded.at(-1)?.value ?? 0));
  const measured = estimateGrowth(loaded);
  // What one lane did with a small unit says nothing of those that run.
  const runs = units.some(({state}) => state.status === 'running');
  const guessed = rateNow(seen) ?? (runs ? null : pastRate(units));
  const rates = measured !== null && measured.perSecond > 0 ? measured : guessed;
  const why = bytesLeft === 0 ? '' : (whyNothingMoves(seen) ?? (rates === null ? 'being measured' : ''));
  const longestLane = minutesOfLongestLane(seen);
  const minutesAt = (perSecond: number | undefined): number | null => {
    if (bytesLeft === 0) return 0;
    if (why !== '' || perSecond === undefined || perSecond <= 0) return null;
    return Math.max(bytesLeft / perSecond / 60, longestLane);
  };
  return {
    bytesLeft,
    bytesTotal,
    bytesPerSecond: rates?.perSecond ?? null,
    loadMinutes: minutesAt(rates?.perSecond),
    why,
    soonest: minutesAt(rates?.fastest),
    latest: minutesAt(rates?.slowest),
    // The same tables get the same indexes, however fast their rows came.
    indexMinutes: minutesOf(past?.indexMs ?? null),
    compareMinutes: minutesOf(past?.compareMs ?? null),
  };
}

function minutesOf(ms: number | null): number | null {
  return ms === null ? null : ms / 60_000;
}

/** Why the rate of the last minutes says nothing of the next; null where lanes carry bytes. */
function whyNothingMoves({units, held, lost, readings}: LoadSeen): Eta['why'] | null {
  if (lost) return 'P is lost';
  // What has failed begins again at nothing, once it does: when, and for how long, nobody knows.
  const failed = units.flatMap(({state}) => (state.status === 'failed' ? [state] : []));
  if (failed.some(({retryAt}) => retryAt === null)) return 'failed, waits for R';
  const running = units.flatMap(({id, state}) => (state.status === 'running' ? [{id, paused: state.paused}] : []));
  if (held && running.length === 0) return 'held';
  if (failed.length > 0) return 'a lane failed';
  // A lane that is paused for as long as somebody wants has no end that could be foretold, and the load none before it.
  if (running.some(({paused}) => paused !== null)) return 'lanes paused';
  if (running.length > 0) {
    const lanes = running.flatMap(({id}) => readings.find(({unit}) => unit === id) ?? []);
    // Where no process of any is seen, they have ended and nobody knows how yet: the target may be away.
    if (lanes.length === 0) return 'being measured';
    if (lanes.length === running.length && lanes.every(({bytesPerSecond}) => bytesPerSecond === 0)) return 'stalled';
    // One that is paused now may be the last to finish.
    return lanes.some(({bytesPerSecond}) => bytesPerSecond === 0) ? 'being measured' : null;
  }
  return units.some(({state}) => state.status === 'committed') ? null : 'nothing runs';
}

/** How far a unit is that runs, in heap bytes, and how long its lane takes for the rest at its own rate; null while nothing moves. */
export interface UnitProgress {
  readonly loadedBytes: number;
  readonly minutes: number | null;
}

/** A running unit's progress; `units` are all of the load. Pure. */
export function unitProgress(unit: UnitState, reading: UnitReading, units: readonly UnitState[]): UnitProgress {
  const piped = pipedPerByte(units);
  const loaded = loadedOf(unit, [reading], piped);
  const rate = reading.bytesPerSecond;
  const moves = rate !== null && rate > 0 && unit.state.status === 'running' && unit.state.paused === null;
  return {loadedBytes: loaded, minutes: moves ? (unit.bytes - loaded) / (rate / piped) / 60 : null};
}

/** A lane cannot hand its unit over: the largest table's own rate decides when it is in. */
function minutesOfLongestLane({units, readings}: LoadSeen): number {
  const minutes = readings.map((reading) => {
    const unit = units.find(({id}) => id === reading.unit);
    return unit === undefined ? 0 : (unitProgress(unit, reading, units).minutes ?? 0);
  });
  return Math.max(0, ...minutes);
}

/** While the series is too short: what the lanes carry together just now. */
function rateNow({units, readings}: LoadSeen): Rates | null {
  const piped = pipedPerByte(units);
  const rates = readings.map(({bytesPerSecond}) => (bytesPerSecond ?? 0) / piped);
  const perSecond = rates.reduce((sum, rate) => sum + rate, 0);
  return perSecond > 0 ? {perSecond, slowest: perSecond, fastest: perSecond} : null;
}

interface Rates {
  readonly perSecond: number;
  readonly slowest: number;
  readonly fastest: number;
}

/** While nothing has been measured: what the units that are in took, one lane's rate. Lanes in parallel only make it better. */
function pastRate(units: readonly UnitState[]): Rates | null {
  const rates = units.flatMap((unit) =>
    unit.state.status === 'committed' && unit.state.tookMs > 0 ? [(unit.bytes / unit.state.tookMs) * 1000] : [],
  );
  if (rates.length === 0) return null;
  const ordered = rates.toSorted((a, b) => a - b);
  return {
    perSecond: ordered[Math.floor(ordered.length / 2)] ?? 0,
    slowest: ordered[0] ?? 0,
    fastest: ordered.at(-1) ?? 0,
  };
}

/**
 * The series with what is loaded now. A smaller value is a unit that was rolled back, or text that was counted for too much: what came
 * before is lowered by as much, because its pace was true.
 */
export function withLoaded(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  const lowered = last === undefined ? 0 : Math.max(0, last.value - sample.value);
  const before = lowered === 0 ? samples : samples.map(({atMs, value}) => ({atMs, value: value - lowered}));
  return withSample(before, sample, {gapMs: 2000});
}

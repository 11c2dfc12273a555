import type {Eta} from './eta.ts';
import {estimateGrowth, withSample, type Sample} from './growth.ts';
import type {UnitReading} from './reading.ts';
import type {UnitState} from './run-state.ts';

/** An earlier attempt's times, for the index phase: minutes of index building per minute of load. */
export interface PastAttempt {
  readonly loadMs: number;
  readonly indexMs: number;
}

/**
 * Heap bytes of the plan that are in or on their way. What went down the pipe is text, and compressed columns are plain in it: the units
 * that are in tell how many such bytes a heap byte makes; before the first of them one is taken for the other.
 */
export function loadedBytes(units: readonly UnitState[], readings: readonly UnitReading[]): number {
  const piped = pipedPerByte(units);
  return units.reduce((sum, unit) => {
    if (unit.state.status === 'committed') return sum + unit.bytes;
    if (unit.state.status !== 'running') return sum;
    const bytes = readings.find((reading) => reading.unit === unit.id)?.bytes ?? 0;
    return sum + Math.min(unit.bytes, bytes / piped);
  }, 0);
}

function pipedPerByte(units: readonly UnitState[]): number {
  let heap = 0;
  let piped = 0;
  for (const unit of units) {
    // A unit that an earlier supervisor saw committed has no count of its bytes.
    if (unit.state.status !== 'committed' || unit.state.bytes === 0) continue;
    heap += unit.bytes;
    piped += unit.state.bytes;
  }
  return heap > 0 && piped > 0 ? piped / heap : 1;
}

/** What is left of the load and how long it takes; `loaded` is the series of `loadedBytes`, oldest first. Null without a load. Pure. */
export function estimateLoad(
  units: readonly UnitState[],
  loaded: readonly Sample[],
  past: PastAttempt | null,
): Eta | null {
  const bytesTotal = units.reduce((sum, unit) => sum + unit.bytes, 0);
  if (bytesTotal === 0) return null;
  const bytesLeft = Math.max(0, bytesTotal - (loaded.at(-1)?.value ?? 0));
  const measured = estimateGrowth(loaded);
  const rates = measured !== null && measured.perSecond > 0 ? measured : pastRate(units);
  const minutesAt = (perSecond: number | undefined): number | null =>
    bytesLeft === 0 ? 0 : perSecond === undefined || perSecond <= 0 ? null : bytesLeft / perSecond / 60;
  const loadMinutes = minutesAt(rates?.perSecond);
  return {
    bytesLeft,
    bytesTotal,
    bytesPerSecond: rates?.perSecond ?? null,
    loadMinutes,
    soonest: minutesAt(rates?.fastest),
    latest: minutesAt(rates?.slowest),
    indexMinutes: past === null || past.loadMs <= 0 ? null : indexMinutes(past, bytesTotal, rates?.perSecond),
  };
}

/** Indexes grow with the data: at today's rate the whole load takes so long, and the indexes their share of that. */
function indexMinutes(past: PastAttempt, bytesTotal: number, perSecond: number | undefined): number {
  if (perSecond === undefined || perSecond <= 0) return past.indexMs / 60_000;
  return (bytesTotal / perSecond / 60) * (past.indexMs / past.loadMs);
}

/** While nothing has been measured: what the units that are in took, one lane's rate. Lanes in parallel only make it better. */
function pastRate(units: readonly UnitState[]): {perSecond: number; slowest: number; fastest: number} | null {
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

/** The series with what is loaded now. A smaller value is a unit that was rolled back: the rate begins anew. */
export function withLoaded(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  return last !== undefined && sample.value < last.value ? [sample] : withSample(samples, sample, 2000);
}

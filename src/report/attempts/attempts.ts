import type {JournalEntry} from '../../domain/run/event.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import {buildersIn, type Builders} from './builders.ts';
import {spentOf, type Spent} from './spent.ts';
import {stepTimes} from '../step-times.ts';

/** A load at one P, from one journal. Times in milliseconds; null is not known, or not so yet. */
export interface Attempt {
  /** `acme-prod, P 16/B374D848`. */
  readonly name: string;
  readonly begunAt: string;
  /** Whether every unit came in. */
  readonly isWhole: boolean;
  readonly slots: number;
  readonly lanes: number;
  readonly units: number;
  readonly bytes: number;
  /** By the clock, from the first unit's start to the last one's end. */
  readonly loadMs: number;
  /** All units' own times together: what one lane would have taken. */
  readonly workMs: number;
  /** How long fewer units ran than there were lanes, at the end, and the unit that ran last. */
  readonly tail: {readonly ms: number; readonly unit: string; readonly unitMs: number; readonly bytes: number} | null;
  /** Times that units were begun in vain, and what those took. */
  readonly failures: {readonly units: number; readonly ms: number};
  readonly indexMs: number | null;
  readonly compareMs: number | null;
  /** How long the replica was paused. */
  readonly pausedMs: number | null;
  /** How long change capture took until it had caught up. */
  readonly catchUpMs: number | null;
  readonly spent: Spent;
  readonly builders: Builders | null;
}

/** The attempts of a journal, oldest first: each P at which a load was planned; with what was read meanwhile, where that was kept. Pure. */
export function attemptsOf(journal: readonly JournalEntry[], readings: readonly Reading[] = []): Attempt[] {
  const starts = journal.flatMap((entry, at) =>
    entry.type === 'load.planned' && isFirstOf(journal, at, entry.boundary) ? [at] : [],
  );
  return starts.flatMap((from, number) => {
    const to = starts[number + 1] ?? journal.length;
    // Slots and the pause come before the load that they are for.
    const before = number === 0 ? 0 : endOf(journal, starts[number - 1] ?? 0, from);
    return attemptIn(journal.slice(before, to), journal.slice(from, to), readings);
  });
}

function isFirstOf(journal: readonly JournalEntry[], at: number, boundary: string): boolean {
  const last = journal.slice(0, at).findLast((entry) => entry.type === 'load.planned');
  return last?.type !== 'load.planned' || last.boundary !== boundary;
}

/** Where what was for the attempt before has ended: behind the last of its units. */
function endOf(journal: readonly JournalEntry[], from: number, to: number): number {
  const last = journal.slice(from, to).findLastIndex(({type}) => type === 'unit.committed' || type === 'unit.failed');
  return from + last + 1;
}

interface UnitTime {
  readonly unit: string;
  readonly beganMs: number;
  readonly endedMs: number;
  readonly bytes: number;
}

function attemptIn(
  whole: readonly JournalEntry[],
  load: readonly JournalEntry[],
  readings: readonly Reading[],
): Attempt[] {
  const [planned] = load;
  if (planned?.type !== 'load.planned') return [];
  const {done, failed} = unitTimes(load);
  const first = Math.min(...[...done, ...failed].map(({beganMs}) => beganMs));
  const last = Math.max(...done.map(({endedMs}) => endedMs));
  const times = stepTimes(load);
  const slots =
    load.findLast((entry) => entry.type === 'boundary.proved') ??
    whole.findLast(({type}) => type === 'boundary.proved');
  const run = whole.findLast((entry) => entry.type === 'run.started');
  return [
    {
      name: `${run?.type === 'run.started' ? `${run.run}, ` : ''}P ${planned.boundary}`,
      begunAt: planned.at,
      isWhole: new Set(done.map(({unit}) => unit)).size >= planned.units.length,
      slots: slots?.type === 'boundary.proved' ? (slots.slots?.length ?? 0) : 0,
      lanes: planned.lanes,
      units: planned.units.length,
      bytes: done.reduce((sum, {bytes}) => sum + bytes, 0),
      loadMs: done.length === 0 ? 0 : last - first,
      workMs: done.reduce((sum, {beganMs, endedMs}) => sum + endedMs - beganMs, 0),
      tail: tailOf(done, planned.lanes),
      failures: {units: failed.length, ms: failed.reduce((sum, {beganMs, endedMs}) => sum + endedMs - beganMs, 0)},
      indexMs: times.get('build-indexes')?.spentMs ?? null,
      compareMs: times.get('compare-rows')?.spentMs ?? null,
      pausedMs: pausedMs(whole),
      catchUpMs: times.get('wait-for-catch-up')?.spentMs ?? null,
      spent: spentOf(load),
      builders: buildersIn(readings, Date.parse(planned.at), Date.parse(load.at(-1)?.at ?? planned.at)),
    },
  ];
}

function unitTimes(load: readonly JournalEntry[]): {readonly done: UnitTime[]; readonly failed: UnitTime[]} {
  const [done, failed]: [UnitTime[], UnitTime[]] = [[], []];
  const began = new Map<string, number>();
  for (const entry of load) {
    if (entry.type === 'unit.started') began.set(entry.unit, Date.parse(entry.at));
    if (entry.type !== 'unit.committed' && entry.type !== 'unit.failed') continue;
    const endedMs = Date.parse(entry.at);
    const beganMs = entry.type === 'unit.committed' ? endedMs - entry.tookMs : (began.get(entry.unit) ?? endedMs);
    const bytes = entry.type === 'unit.committed' ? entry.bytes : 0;
    (entry.type === 'unit.committed' ? done : failed).push({unit: entry.unit, beganMs, endedMs, bytes});
  }
  return {done, failed};
}

/** From when on a lane had nothing to do any more until the last unit was in. */
function tailOf(done: readonly UnitTime[], lanes: number): Attempt['tail'] {
  const last = done.toSorted((a, b) => b.endedMs - a.endedMs)[0];
  if (last === undefined || lanes < 2 || done.length < lanes) return null;
  // Behind the last start, the first that ends leaves its lane empty.
  const lastStart = Math.max(...done.map(({beganMs}) => beganMs));
  const empty = Math.min(...done.flatMap(({endedMs}) => (endedMs >= lastStart ? [endedMs] : [])));
  return {ms: last.endedMs - empty, unit: last.unit, unitMs: last.endedMs - last.beganMs, bytes: last.bytes};
}

function pausedMs(whole: readonly JournalEntry[]): number | null {
  const paused = whole.findLast(({type}) => type === 'replay.paused')?.at;
  const resumed = whole.findLast(({type}) => type === 'replay.resumed')?.at;
  return paused === undefined || resumed === undefined || resumed < paused
    ? null
    : Date.parse(resumed) - Date.parse(paused);
}

/** Bytes a second of all lanes together; null before anything came in. Pure. */
export function rateOf({bytes, loadMs}: Pick<Attempt, 'bytes' | 'loadMs'>): number | null {
  return loadMs === 0 ? null : bytes / (loadMs / 1000);
}

import {withLoaded, loadedBytes} from '../../domain/reading/estimate-load.ts';
import {withSample, type Sample} from '../../domain/reading/growth.ts';
import {lsnAddress} from '../../domain/pg/lsn.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import {readingKey} from '../../domain/reading/reading-key.ts';

type Of<Kind extends Reading['probe']> = Extract<Reading, {probe: Kind}>;

/** What the readings so far come to: the newest of each kind, and the series that forecasts and alarms are made from. */
export interface History {
  readonly newest: ReadonlyMap<string, Reading>;
  /** When each of these came, by the steady clock, as all times in here are. */
  readonly heardMs: ReadonlyMap<string, number>;
  /** Growth of what each disk holds, by server: minus its free bytes. */
  readonly used: ReadonlyMap<string, readonly Sample[]>;
  /** WAL that `source` and `replica` must keep. */
  readonly held: ReadonlyMap<string, readonly Sample[]>;
  /** The primary's insert position in bytes. */
  readonly wal: readonly Sample[];
  readonly loaded: readonly Sample[];
  /** Slots that somebody has read, and since when nobody does; null while somebody does. */
  readonly readBefore: ReadonlyMap<string, number | null>;
  /** The last time that a unit's bytes grew, or its rows on the target; `first` until they have been seen to. */
  readonly moved: ReadonlyMap<string, Sample & {readonly rows: number | null; readonly first: boolean}>;
}

/** Before the first reading. */
export const NOTHING_SEEN: History = {
  newest: new Map(),
  heardMs: new Map(),
  used: new Map(),
  held: new Map(),
  wal: [],
  loaded: [],
  readBefore: new Map(),
  moved: new Map(),
};

/** A sample every two seconds is as many as the longest window can use. */
const GAP_MS = 2000;

/** The history with one more reading, which came at `atMs` of the steady clock. Pure. */
export function remember(
  history: History,
  reading: Reading,
  {state, atMs}: {readonly state: RunState; readonly atMs: number},
): History {
  const key = readingKey(reading);
  const newest = new Map(history.newest).set(key, reading);
  const next = {...history, newest, heardMs: new Map(history.heardMs).set(key, atMs)};
  switch (reading.probe) {
    case 'slots':
      return rememberSlots(next, reading, atMs);
    case 'replica':
      return reading.backlogBytes === null
        ? next
        : {...next, held: appended(next.held, 'replica', {atMs, value: reading.backlogBytes})};
    case 'disk':
      return reading.disk.freeBytes === null
        ? next
        : {...next, used: appended(next.used, reading.server, {atMs, value: -reading.disk.freeBytes})};
    case 'lanes':
      return {
        ...next,
        moved: movedUnits(next.moved, reading, atMs),
        // The time in which nothing was to move says nothing of the pace.
        loaded: isLoading(state)
          ? withLoaded(next.loaded, {atMs, value: loadedBytes(state.units, reading.units)})
          : [{atMs, value: loadedBytes(state.units, reading.units)}],
      };
    case 'wal':
    case 'work':
    case 'transactions':
    case 'target':
    case 'senders':
    case 'figures':
    case 'primary':
    case 'alarms':
    case 'runway':
    case 'eta':
    case 'failed':
      return next;
  }
}

/** The newest reading of a kind; null before the first. */
export function newestOf<Kind extends Reading['probe']>(
  history: History,
  kind: Kind,
  server?: string,
): Of<Kind> | null {
  const reading = history.newest.get(server === undefined ? kind : `${kind}:${server}`);
  return reading !== undefined && isOf(reading, kind) ? reading : null;
}

/** The newest figures of a probe by its name, `wraparound:source`, and when they were read; null before the first. */
export function figuresOf(history: History, probe: string): Of<'figures'> | null {
  const reading = history.newest.get(probe);
  return reading?.probe === 'figures' ? reading : null;
}

function isOf<Kind extends Reading['probe']>(reading: Reading, kind: Kind): reading is Of<Kind> {
  return reading.probe === kind;
}

function isLoading({units}: RunState): boolean {
  return units.some(({state}) => state.status === 'running' && state.paused === null);
}

function rememberSlots(history: History, reading: Of<'slots'>, atMs: number): History {
  const worst = Math.max(0, ...reading.slots.map((slot) => slot.retainedBytes ?? 0));
  const readBefore = new Map(
    reading.slots.flatMap(({name, active}): [string, number | null][] => {
      if (active) return [[name, null]];
      const before = history.readBefore.get(name);
      return before === undefined ? [] : [[name, before ?? atMs]];
    }),
  );
  return {
    ...history,
    readBefore,
    wal: withSample(history.wal, {atMs, value: Number(lsnAddress(reading.currentLsn))}, {gapMs: GAP_MS}),
    held: appended(history.held, 'source', {atMs, value: worst}),
  };
}

type Series = ReadonlyMap<string, readonly Sample[]>;

/** Half of it gone at once is a dropped slot or freed space: what was before says nothing of what comes. */
function appended(series: Series, key: string, sample: Sample): Series {
  const before = series.get(key) ?? [];
  const last = before.at(-1)?.value;
  const fell = last !== undefined && sample.value < last - Math.max(Math.abs(last) / 2, 64 * 1024 * 1024);
  return new Map(series).set(key, fell ? [sample] : withSample(before, sample, {gapMs: GAP_MS}));
}

function movedUnits(moved: History['moved'], reading: Of<'lanes'>, atMs: number): History['moved'] {
  return new Map(
    reading.units.map(({unit, bytes, rows}) => {
      const before = moved.get(unit);
      // A tool that works off what it has taken, and a lane whose processes show nothing, still bring rows in.
      const came = before !== undefined && before.rows !== null && rows !== null && before.rows !== rows;
      if (before === undefined || before.value !== bytes || came) {
        return [unit, {atMs, value: bytes, rows, first: before === undefined}];
      }
      return [unit, {...before, rows: rows ?? before.rows}];
    }),
  );
}

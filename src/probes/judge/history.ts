import {withLoaded, loadedBytes} from '../../domain/reading/estimate-load.ts';
import {withSample, type Sample} from '../../domain/reading/growth.ts';
import {LEAST_ROOM_BYTES, leastRoom} from '../../domain/filling/room-made.ts';
import {lsnAddress} from '../../domain/pg/lsn.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import {readingKey} from '../../domain/reading/reading-key.ts';
import {withLags} from './capture/lags.ts';

type Of<Kind extends Reading['probe']> = Extract<Reading, {probe: Kind}>;

/** What the readings so far come to: the newest of each kind, and the series that forecasts and alarms are made from. */
export interface History {
  readonly newest: ReadonlyMap<string, Reading>;
  /** When each of these came, by the steady clock, as all times in here are. */
  readonly heardMs: ReadonlyMap<string, number>;
  /** Growth of what each disk holds, by server: minus its free bytes. */
  readonly used: ReadonlyMap<string, readonly Sample[]>;
  /** WAL that `source` and `replica` must keep, and of it what `our slots` do. */
  readonly held: ReadonlyMap<string, readonly Sample[]>;
  /** When a server's disk was last seen to have room again at once: something was dropped or removed. */
  readonly freedMs: ReadonlyMap<string, number>;
  /** The soonest end of each server's forecasts, in minutes. */
  readonly soonest: ReadonlyMap<string, readonly Sample[]>;
  /** The primary's insert position in bytes. */
  readonly wal: readonly Sample[];
  readonly loaded: readonly Sample[];
  /** How far the changes of each slot were behind on the target: `lag_bytes slot lh_01`. */
  readonly lags: ReadonlyMap<string, readonly Sample[]>;
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
  freedMs: new Map(),
  soonest: new Map(),
  wal: [],
  loaded: [],
  lags: new Map(),
  readBefore: new Map(),
  moved: new Map(),
};

/** The probe of change capture that Longhaul itself has started. */
export const CDC = 'cdc:target';

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
      return rememberSlots({...next, freedMs: withCapsRaised(history, reading, atMs)}, reading, atMs);
    case 'replica':
      return reading.backlogBytes === null ? next : grown(next, 'held', 'replica', {atMs, value: reading.backlogBytes});
    case 'disk':
      return reading.disk.freeBytes === null
        ? next
        : grown(next, 'used', reading.server, {atMs, value: -reading.disk.freeBytes});
    case 'runway':
      return rememberSoonest(next, reading, atMs);
    case 'figures':
      return key === CDC ? {...next, lags: withLags(history.lags, reading.figures, atMs)} : next;
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
    case 'primary':
    case 'alarms':
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
  const worst = (slots: Of<'slots'>['slots']): number =>
    Math.max(0, ...slots.map(({retainedBytes}) => retainedBytes ?? 0));
  const readBefore = new Map(
    reading.slots.flatMap(({name, active}): [string, number | null][] => {
      if (active) return [[name, null]];
      const before = history.readBefore.get(name);
      return before === undefined ? [] : [[name, before ?? atMs]];
    }),
  );
  const known = {
    ...history,
    readBefore,
    wal: withSample(history.wal, {atMs, value: Number(lsnAddress(reading.currentLsn))}, {gapMs: GAP_MS}),
  };
  const ofAll = grown(known, 'held', 'source', {
    atMs,
    value: worst(reading.slots),
  });
  return grown(ofAll, 'held', 'our slots', {atMs, value: worst(reading.slots.filter(({ours}) => ours))});
}

/** A slot that may hold so much more than before has been read, or may live longer: its `slot.cap:` is another. */
function withCapsRaised(history: History, reading: Of<'slots'>, atMs: number): History['freedMs'] {
  const before = newestOf(history, 'slots');
  const raised = reading.slots.filter(({name, safeWalBytes}) => {
    const known = before?.slots.find((slot) => slot.name === name)?.safeWalBytes;
    return safeWalBytes !== null && known != null && safeWalBytes > known + LEAST_ROOM_BYTES;
  });
  return raised.length === 0
    ? history.freedMs
    : new Map([...history.freedMs, ...raised.map(({name}) => [`slot.cap:${name}`, atMs] as const)]);
}

/** A forecast that cannot be made says nothing. */
function rememberSoonest(history: History, {server, runway}: Of<'runway'>, atMs: number): History {
  if (runway === null) return history;
  const series = withSample(history.soonest.get(server) ?? [], {atMs, value: runway.soonest}, {gapMs: GAP_MS});
  return {...history, soonest: new Map(history.soonest).set(server, series)};
}

/** Half of it gone at once is a dropped slot or freed space: what was before says nothing of what comes. */
function grown(history: History, of: 'used' | 'held', key: string, sample: Sample): History {
  const before = history[of].get(key) ?? [];
  const last = before.at(-1)?.value;
  const fell = last !== undefined && sample.value < last - leastRoom(last);
  const series = new Map(history[of]).set(key, fell ? [sample] : withSample(before, sample, {gapMs: GAP_MS}));
  return {
    ...history,
    [of]: series,
    freedMs: fell ? new Map(history.freedMs).set(key, sample.atMs) : history.freedMs,
  };
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

import type {JournalEntry} from '../../domain/run/event.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import {minutesOfRun} from '../../domain/reading/eta.ts';

/** A point of time and what was there: milliseconds, and bytes or minutes. Null breaks the line. */
export type Point = readonly [atMs: number, value: number | null];

/** A line of a chart. */
export interface Curve {
  readonly name: string;
  readonly points: readonly Point[];
  /** What was foretold, drawn beside what came. */
  readonly foretold?: boolean;
}

/** More points than this no screen shows. */
const MOST_POINTS = 600;

/** WAL that the slots keep on the source's disk: the most of any slot, in bytes; and of each of our slots. Pure. */
export function walCurves(readings: readonly Reading[]): Curve[] {
  const slots = readings.filter((one) => one.probe === 'slots');
  const names = [...new Set(slots.flatMap((one) => one.slots.filter(({ours}) => ours).map(({name}) => name)))];
  return names.map((name) => ({
    name,
    points: thin(
      slots.map((one) => [Date.parse(one.at), one.slots.find((slot) => slot.name === name)?.retainedBytes ?? null]),
    ),
  }));
}

/** How far change capture is behind, for each slot: in seconds, or in bytes of WAL. Pure. */
export function lagCurves(readings: readonly Reading[], name: 'lag_seconds' | 'lag_bytes'): Curve[] {
  const told = readings.flatMap((one) =>
    one.probe === 'figures' && one.of === 'cdc'
      ? [{atMs: Date.parse(one.at), lags: one.figures.filter((figure) => figure.name === name)}]
      : [],
  );
  const slots = [...new Set(told.flatMap(({lags}) => lags.map(({of}) => of ?? '')))];
  return slots.map((slot) => ({
    name: slot,
    points: thin(told.map(({atMs, lags}) => [atMs, lags.find(({of}) => of === slot)?.value ?? null])),
  }));
}

/** Free bytes of every server's disk; and where the forecast's cautious end, half of the way ahead, had said that it would be. Pure. */
export function diskCurves(readings: readonly Reading[]): Curve[] {
  const roles = ['source', 'replica', 'target'] as const;
  return roles.flatMap((server) => {
    const free = readings.flatMap((one): Point[] =>
      one.probe === 'disk' && one.server === server ? [[Date.parse(one.at), one.disk.freeBytes]] : [],
    );
    return free.some(([, bytes]) => bytes !== null) ? [{name: server, points: thin(free)}] : [];
  });
}

/** When the source's disk would be full, in minutes ahead, at each moment: the likely and the cautious figure. Pure. */
export function runwayCurves(readings: readonly Reading[]): Curve[] {
  const told = readings.flatMap((one) => (one.probe === 'runway' && one.server === 'source' ? [one] : []));
  const curve = (name: string, key: 'minutes' | 'soonest'): Curve => ({
    name,
    points: thin(told.map((one) => [Date.parse(one.at), one.runway?.[key] ?? null])),
  });
  return told.some(({runway}) => runway !== null)
    ? [curve('likely', 'minutes'), curve('at the earliest', 'soonest')]
    : [];
}

/** Bytes of the units that are in, as they came in. Pure. */
export function loadedCurve(journal: readonly JournalEntry[]): Curve[] {
  let sum = 0;
  const points: Point[] = [];
  for (const entry of journal) {
    if (entry.type === 'load.planned') {
      sum = 0;
      points.push([Date.parse(entry.at), 0]);
    }
    if (entry.type !== 'unit.committed') continue;
    sum += entry.bytes;
    points.push([Date.parse(entry.at), sum]);
  }
  return points.length < 2 ? [] : [{name: 'loaded', points: thin(points)}];
}

/** How many minutes were said to be left at each moment, and how many there really were; the second only once the comparison is over. Pure. */
export function etaCurves(readings: readonly Reading[], endMs: number | null): Curve[] {
  const told = readings.flatMap((one) => (one.probe === 'eta' ? [one] : []));
  const said: Point[] = told.map((one) => [Date.parse(one.at), minutesOfRun(one.eta) ?? one.eta.loadMinutes]);
  if (!said.some(([, minutes]) => minutes !== null)) return [];
  const really: Curve[] =
    endMs === null
      ? []
      : [
          {
            name: 'what it took',
            points: thin(said.flatMap(([atMs]): Point[] => (atMs > endMs ? [] : [[atMs, (endMs - atMs) / 60_000]]))),
          },
        ];
  return [{name: 'foretold', points: thin(said), foretold: true}, ...really];
}

/** One of several neighbours where there are too many: the first of each stretch. */
function thin(points: readonly Point[]): Point[] {
  const step = Math.max(1, Math.ceil(points.length / MOST_POINTS));
  return points.filter((_, n) => n % step === 0 || n === points.length - 1);
}

import {lsnDistance, type Lsn} from '../../domain/pg/lsn.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import type {JournalEntry} from '../../domain/run/event.ts';
import {soLongBefore, type DiskSeries} from './disk-forecast.ts';
import type {EndForecast} from './load-forecast.ts';
import {thin, type Curve, type Point} from './series.ts';

/** So many slots are drawn: there are no more colours that anybody tells apart. */
export const MOST_SLOTS = 6;

function topOf({points}: Curve): number {
  return points.reduce((most, [, value]) => Math.max(most, value ?? 0), 0);
}

/** Those of the curves that reach highest, in their order. */
function highest(curves: readonly Curve[]): Curve[] {
  const kept = new Set(curves.toSorted((a, b) => topOf(b) - topOf(a)).slice(0, MOST_SLOTS));
  return curves.filter((curve) => kept.has(curve));
}

/** WAL that the slots keep on the source's disk, in bytes, for each of our slots. Pure. */
export function walCurves(readings: readonly Reading[]): Curve[] {
  const slots = readings.filter((one) => one.probe === 'slots');
  const names = [...new Set(slots.flatMap((one) => one.slots.filter(({ours}) => ours).map(({name}) => name)))];
  const curves = names.map((name) => ({
    name,
    points: thin(
      slots.map((one) => [Date.parse(one.at), one.slots.find((slot) => slot.name === name)?.retainedBytes ?? null]),
    ),
  }));
  return highest(curves);
}

/** Stretches of time of which the rate is drawn: a mean over each, which thinned readings tell as exactly as all of them. */
const RATES = 240;

/** How fast the source wrote WAL, in bytes a second: the mean of each stretch, from where the WAL ended at both of its ends. Pure. */
export function walRateCurve(readings: readonly Reading[]): Curve[] {
  const ends = readings.flatMap((one) =>
    one.probe === 'slots' ? [{atMs: Date.parse(one.at), lsn: one.currentLsn}] : [],
  );
  const [first, last] = [ends[0], ends.at(-1)];
  if (first === undefined || last === undefined) return [];
  const stretchMs = (last.atMs - first.atMs) / RATES;
  const points: Point[] = [];
  let from: {readonly atMs: number; readonly lsn: Lsn} = first;
  for (const end of ends) {
    if (end.atMs <= from.atMs || end.atMs - from.atMs < stretchMs) continue;
    const bytes = lsnDistance(from.lsn, end.lsn);
    // Another server, or another history of this one, has a WAL that ends elsewhere.
    const rate = bytes < 0 ? null : (bytes * 1000) / (end.atMs - from.atMs);
    points.push([(from.atMs + end.atMs) / 2, rate]);
    from = end;
  }
  return points.length < 2 ? [] : [{name: 'written', points}];
}

/** How far change capture is behind, for each slot: in seconds, or in bytes of WAL. Pure. */
export function lagCurves(readings: readonly Reading[], name: 'lag_seconds' | 'lag_bytes'): Curve[] {
  const told = readings.flatMap((one) =>
    one.probe === 'figures' && one.of === 'cdc'
      ? [{atMs: Date.parse(one.at), lags: one.figures.filter((figure) => figure.name === name)}]
      : [],
  );
  const slots = [...new Set(told.flatMap(({lags}) => lags.map(({of}) => of ?? '')))];
  const curves = slots.map((slot) => ({
    name: slot,
    points: thin(told.map(({atMs, lags}) => [atMs, lags.find(({of}) => of === slot)?.value ?? null])),
  }));
  return highest(curves);
}

/** A disk's free bytes, and what had been forecast for each moment. Pure. */
export function diskCurves({free, likely, least, most, aheadMs}: DiskSeries): Curve[] {
  const forecasts: readonly (readonly [string, readonly Point[], Pick<Curve, 'as' | 'pair'>])[] = [
    [`as forecast ${soLongBefore(aheadMs)}`, likely, {as: 'forecast', pair: 1}],
    ['at the least', least, {as: 'range', pair: 2}],
    ['at the most', most, {as: 'range', pair: 1}],
  ];
  return [
    {name: 'free', points: thin(free)},
    ...forecasts.flatMap(([name, points, how]): Curve[] =>
      isKnown({points}) ? [{name, points: thin(points), ...how}] : [],
    ),
  ];
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

/** Bytes of the units that are in, as they came in; and with what lanes had brought of the others by then, in bytes of the heap. Pure. */
export function loadedCurves(journal: readonly JournalEntry[], readings: readonly Reading[]): Curve[] {
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
  if (points.length < 2) return [];
  const underWay = readings.flatMap((one): Point[] =>
    one.probe === 'eta' ? [[Date.parse(one.at), one.eta.bytesTotal - one.eta.bytesLeft]] : [],
  );
  return [
    {name: 'units that are in', points: thin(points)},
    ...(underWay.length === 0 ? [] : [{name: 'with what is under way', points: thin(underWay)}]),
  ];
}

/** How many minutes were said to be left at each moment, of the load and of everything until the comparison is over, beside how many there really were. Pure. */
export function etaCurves(forecasts: readonly EndForecast[]): Curve[] {
  type Key = 'load' | 'loadTook' | 'whole' | 'wholeTook';
  const curve = (name: string, key: Key, how: Pick<Curve, 'as' | 'pair'>): Curve => ({
    name,
    points: thin(forecasts.map((one) => [one.atMs, one[key]])),
    ...how,
  });
  const pairs = [
    [curve('load, forecast', 'load', {as: 'forecast', pair: 0}), curve('load, as it came', 'loadTook', {pair: 0})],
    [
      curve('everything, forecast', 'whole', {as: 'forecast', pair: 1}),
      curve('everything, as it came', 'wholeTook', {pair: 1}),
    ],
  ];
  return pairs.flatMap((pair) => (pair[0] !== undefined && isKnown(pair[0]) ? pair.filter(isKnown) : []));
}

function isKnown({points}: Pick<Curve, 'points'>): boolean {
  return points.some(([, value]) => value !== null);
}

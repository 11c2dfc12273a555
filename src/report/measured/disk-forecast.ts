import {isoTime} from '../../domain/base/iso-time.ts';
import {formatMinutes} from '../../domain/base/minutes.ts';
import {SERVER_ROLES, type ServerRole} from '../../domain/pg/server-role.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import type {Point} from './series.ts';

/** A disk's free bytes over time: what came, and beside it what had been forecast for that moment, `aheadMs` before it. */
export interface DiskSeries {
  readonly server: ServerRole;
  readonly free: readonly Point[];
  readonly aheadMs: number;
  readonly likely: readonly Point[];
  /** As the soonest end of the range had it, and the latest. */
  readonly least: readonly Point[];
  readonly most: readonly Point[];
}

/** How good the forecasts of a disk were. */
export interface DiskForecast {
  readonly server: ServerRole;
  readonly leastFreeBytes: number;
  /** When that was, ISO 8601. */
  readonly leastFreeAt: string;
  readonly aheadMs: number;
  /** Moments for which there was a forecast so long before. */
  readonly compared: number;
  /** Of these, what came was no less than the soonest end had it: what alarms go by. */
  readonly held: number;
  /** The median of how far the likely figure was off, in bytes; null where nothing was compared. */
  readonly offBytes: number | null;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** How far ahead forecasts are held beside what came: the longest of these that fits eight times in what was watched. */
const AHEAD_MS = [5 * SECOND, 30 * SECOND, 5 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR];
const PARTS = 8;

/** `12 h before`, `30 s before`. Pure. */
export function soLongBefore(aheadMs: number): string {
  return `${aheadMs < MINUTE ? `${aheadMs / SECOND} s` : formatMinutes(aheadMs / MINUTE)} before`;
}

/** The disks whose free space was known. Pure. */
export function diskSeries(readings: readonly Reading[]): DiskSeries[] {
  return SERVER_ROLES.flatMap((server) => {
    const free = readings.flatMap((one): Point[] =>
      one.probe === 'disk' && one.server === server ? [[Date.parse(one.at), one.disk.freeBytes]] : [],
    );
    const [first, last] = [free[0], free.at(-1)];
    if (first === undefined || last === undefined || free.every(([, bytes]) => bytes === null)) return [];
    const aheadMs = AHEAD_MS.findLast((ms) => ms * PARTS <= last[0] - first[0]) ?? SECOND;
    return [{server, free, aheadMs, ...forecastsOf(readings, {server, free, aheadMs})}];
  });
}

/** What each forecast said of the moment so far ahead of it. */
function forecastsOf(
  readings: readonly Reading[],
  {server, free, aheadMs}: Pick<DiskSeries, 'server' | 'free' | 'aheadMs'>,
): Pick<DiskSeries, 'likely' | 'least' | 'most'> {
  const [likely, least, most]: [Point[], Point[], Point[]] = [[], [], []];
  const freeAt = walkThrough(free);
  for (const one of readings) {
    if (one.probe !== 'runway' || one.server !== server) continue;
    const atMs = Date.parse(one.at);
    const forMs = atMs + aheadMs;
    // A disk that does not grow stays as it is.
    const stays = one.why === 'it does not grow' ? freeAt(atMs) : null;
    if (one.runway === null) {
      for (const line of [likely, least, most]) line.push([forMs, stays]);
      continue;
    }
    const {freeBytes, bytesPerSecond, soonest, latest} = one.runway;
    const left = (fullMs: number): number => freeBytes * Math.max(0, 1 - aheadMs / fullMs);
    likely.push([forMs, Math.max(0, freeBytes - (bytesPerSecond * aheadMs) / SECOND)]);
    least.push([forMs, soonest === 0 ? 0 : left(soonest * MINUTE)]);
    most.push([forMs, latest === null ? freeBytes : left(latest * MINUTE)]);
  }
  return {likely, least, most};
}

/** Gives the value of the last point that is no later, for moments that come in their order. */
function walkThrough(points: readonly Point[]): (atMs: number) => number | null {
  let next = 0;
  return (atMs) => {
    while (next < points.length && (points[next]?.[0] ?? Infinity) <= atMs) next += 1;
    return points[next - 1]?.[1] ?? null;
  };
}

/** Each disk's least free space, and how far its forecasts were off. Pure. */
export function judgeDisks(series: readonly DiskSeries[]): DiskForecast[] {
  return series.flatMap(({server, free, aheadMs, likely, least}) => {
    const known = free.flatMap(([atMs, bytes]) => (bytes === null ? [] : [{atMs, bytes}]));
    const fullest = known.toSorted((a, b) => a.bytes - b.bytes)[0];
    if (fullest === undefined) return [];
    const [saidOf, leastOf] = [walkThrough(likely), walkThrough(least)];
    const compared = known.flatMap(({atMs, bytes}) => {
      const [said, low] = [saidOf(atMs), leastOf(atMs)];
      return said === null || low === null ? [] : [{off: bytes - said, holds: bytes >= low}];
    });
    const offs = compared.map(({off}) => off).toSorted((a, b) => a - b);
    return [
      {
        server,
        leastFreeBytes: fullest.bytes,
        leastFreeAt: isoTime(fullest.atMs),
        aheadMs,
        compared: compared.length,
        held: compared.filter(({holds}) => holds).length,
        offBytes: offs[Math.floor(offs.length / 2)] ?? null,
      },
    ];
  });
}

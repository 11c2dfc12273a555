import {formatMinutes} from '../base/minutes.ts';
import {estimateGrowth, type Growth, type Sample} from './growth.ts';

/** When a disk is full, in minutes from now, at its growth. */
export interface Runway {
  readonly minutes: number;
  readonly soonest: number;
  /** Null when the slowest growth seen never fills it. */
  readonly latest: number | null;
  readonly bytesPerSecond: number;
  readonly freeBytes: number;
}

/** The range of a forecast for people: `49 min to 13.4 d`, `20 h to never`. Pure. */
export function formatRange({soonest, latest}: Pick<Runway, 'soonest' | 'latest'>): string {
  return `${formatMinutes(soonest)} to ${latest === null ? 'never' : formatMinutes(latest)}`;
}

/** Whether a disk needs attention today: it is full within a day. Pure. */
export function isUrgent({minutes}: Pick<Runway, 'minutes'>): boolean {
  return minutes < 24 * 60;
}

/** What a forecast is made from. */
export interface DiskHistory {
  /** Used bytes of the volume, or minus the free ones: only the growth counts. Oldest first. */
  readonly used: readonly Sample[];
  /** WAL that must be kept: what the worst slot retains, or what the replica has not replayed. Oldest first. */
  readonly held: readonly Sample[];
  /** Free bytes, and when that was seen; null when it is not known. */
  readonly free: {readonly atMs: number; readonly bytes: number} | null;
}

/** A forecast, or why there is none. */
export type Forecast =
  | {readonly runway: Runway; readonly why: ''}
  | {
      readonly runway: null;
      readonly why: 'free space is not known' | 'growth is being measured' | 'it does not grow';
    };

/**
 * Minutes until the disk is full. Of the disk's own growth and that of the WAL which must be kept, the faster counts: segments that were
 * allocated ahead hide the second from the first, but not for long. Null with the reason when it cannot be said.
 */
export function forecastFull(history: DiskHistory, nowMs: number): Forecast {
  if (history.free === null) return {runway: null, why: 'free space is not known'};
  const growth = faster(estimateGrowth(history.used), estimateGrowth(history.held));
  if (growth === null) return {runway: null, why: 'growth is being measured'};
  if (growth.perSecond <= 0) return {runway: null, why: 'it does not grow'};
  // What was written since the disk was read is no longer free.
  const sinceSeconds = Math.max(0, nowMs - history.free.atMs) / 1000;
  const freeBytes = Math.max(0, history.free.bytes - sinceSeconds * growth.perSecond);
  const minutesAt = (perSecond: number): number => freeBytes / perSecond / 60;
  return {
    runway: {
      minutes: minutesAt(growth.perSecond),
      soonest: minutesAt(growth.fastest),
      latest: growth.slowest <= 0 ? null : minutesAt(growth.slowest),
      bytesPerSecond: growth.perSecond,
      freeBytes,
    },
    why: '',
  };
}

function faster(a: Growth | null, b: Growth | null): Growth | null {
  if (a === null || b === null) return a ?? b;
  const [quick, slow] = a.perSecond >= b.perSecond ? [a, b] : [b, a];
  return {
    perSecond: quick.perSecond,
    slowest: Math.min(quick.slowest, slow.slowest > 0 ? slow.slowest : quick.slowest),
    fastest: Math.max(quick.fastest, slow.fastest),
  };
}

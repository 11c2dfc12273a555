import {formatMinutes} from '../base/minutes.ts';
import {envelopeOf, evenRate, fillOf, type Envelope, type Fill} from './envelope.ts';
import {estimateGrowth, type Sample} from '../reading/growth.ts';

/** When a disk is full, in minutes from now, at its growth. */
export interface Runway {
  readonly minutes: number;
  /** As fast as it ever grew over as long a time, or faster, where it grows faster now than it ever did. */
  readonly soonest: number;
  /** As slowly as it ever did. Null for never, and as long as too little was watched to know. */
  readonly latest: number | null;
  readonly bytesPerSecond: number;
  readonly freeBytes: number;
}

/** The range of a forecast for people: `49 min to 13.4 d`, `20 h to never`. Pure. */
export function formatRange({soonest, latest}: Pick<Runway, 'soonest' | 'latest'>): string {
  return `${formatMinutes(soonest)} to ${latest === null ? 'never' : formatMinutes(latest)}`;
}

/** Whether a disk needs attention today: it is full within a day. Pure. */
export function isUrgent({soonest}: Pick<Runway, 'soonest'>): boolean {
  return soonest < 24 * 60;
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
  const {bytes, atMs} = history.free;
  const known = [history.used, history.held].flatMap((samples) => forecastOf(samples, bytes) ?? []);
  if (known.length === 0) return {runway: null, why: 'growth is being measured'};
  const growing = known.filter(({perSecond}) => perSecond > 0);
  if (growing.length === 0) return {runway: null, why: 'it does not grow'};
  const perSecond = Math.max(...growing.map((one) => one.perSecond));
  // What was written since the disk was read is no longer free.
  const sinceMs = Math.max(0, nowMs - atMs);
  const freeBytes = Math.max(0, bytes - (sinceMs / 1000) * perSecond);
  const minutesOf = (ms: number): number => Math.max(0, ms - sinceMs) / 60_000;
  const soonest = minutesOf(Math.min(...growing.map((one) => one.soonestMs)));
  const latestMs = growing.map((one) => one.latestMs ?? Infinity).reduce((a, b) => Math.max(a, b));
  const latest = latestMs === Infinity ? null : minutesOf(latestMs);
  const minutes = Math.min(Math.max(freeBytes / perSecond / 60, soonest), latest ?? Infinity);
  return {runway: {minutes, soonest, latest, bytesPerSecond: perSecond, freeBytes}, why: ''};
}

/** When a series fills the room, and its usual growth, 0 or less where it has none; null while it is being measured. */
function forecastOf(samples: readonly Sample[], room: number): (Fill & {readonly perSecond: number}) | null {
  const envelope = envelopeOf(samples);
  const perSecond = envelope === null ? null : usualRate(samples, envelope);
  return envelope === null || perSecond === null ? null : {...fillOf(envelope, room), perSecond};
}

function usualRate(samples: readonly Sample[], envelope: Envelope): number | null {
  const even = evenRate(envelope);
  if (even !== null) return even * 1000;
  const growth = estimateGrowth(samples);
  if (growth === null || growth.perSecond > 0) return growth?.perSecond ?? null;
  // What comes seldom has a median of nothing, and has come all the same.
  return Math.max(rateInAll(samples), envelope.fastestNow * 1000);
}

/** How fast a series grows usually, in units per second; null while it is being measured. Pure. */
export function usualGrowth(samples: readonly Sample[]): number | null {
  const envelope = envelopeOf(samples);
  return envelope === null ? null : usualRate(samples, envelope);
}

function rateInAll(samples: readonly Sample[]): number {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return 0;
  return ((last.value - first.value) / (last.atMs - first.atMs)) * 1000;
}

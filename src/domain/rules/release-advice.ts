import {freedByRelease, growsByOurs, type DiskCauses} from '../filling/disk-causes.ts';
import {LEAST_ROOM_BYTES, leastRoom} from '../filling/room-made.ts';
import {formatBytes} from '../base/units.ts';
import type {RunState} from '../run/run-state.ts';
import {needsOf} from './needs.ts';

/** What is known of the source's disk where a release is thought of. */
export interface FullDisk {
  /** Whether the source answered when it was asked last: slots are dropped there, and nowhere else. */
  readonly answers: boolean;
  /** Null before the slots were read. */
  readonly causes: DiskCauses | null;
  /** Null where it is not known. */
  readonly freeBytes: number | null;
  /** What is lacking for the disk not to be all but full; 0 where it is not. */
  readonly lackingBytes: number;
}

/** Whether a release is advised against a full disk, and why not. */
export type ReleaseAdvice =
  | {readonly is: 'without slots' | 'out of reach' | 'not known'}
  | {readonly is: 'too little'; readonly freed: number; readonly growsByOurs: boolean}
  | {readonly is: 'advised'; readonly freed: number; readonly endsCapture: boolean};

/**
 * Whether to give up what was loaded, or change capture, for room on the source's disk: only where what our slots hold is a real share of what ends the alarm. It ends once half of what is free has come
 * free at once (`leastRoom`); on a disk that is all but full half of what it lacks lets production breathe. That our slots grow is no reason yet: while they hold little, there is time for something better,
 * and what they hold says it soon. Pure.
 */
export function adviseRelease(state: RunState, {answers, causes, freeBytes, lackingBytes}: FullDisk): ReleaseAdvice {
  if (needsOf(state).slots === null) return {is: 'without slots'};
  if (!answers) return {is: 'out of reach'};
  if (causes === null) return {is: 'not known'};
  const freed = freedByRelease(causes);
  const wanted = Math.max(leastRoom(freeBytes ?? 0), lackingBytes / 2);
  return freed > wanted
    ? {is: 'advised', freed, endsCapture: state.cdcStarted !== null}
    : {is: 'too little', freed, growsByOurs: growsByOurs(causes)};
}

/** What lets our slots go on without giving anything up. Pure. */
export function howSlotsMove({cdcStarted}: Pick<RunState, 'cdcStarted'>): string {
  return cdcStarted === null
    ? 'let the load end and change capture start, which moves it'
    : 'see why change capture does not take what it keeps: longhaul status has the alarms of each slot';
}

/** Whether slots can be dropped, and what that brings. */
export interface WayOut {
  readonly answers: boolean;
  /** What comes free of the disk; null where it is not the disk that a release helps. */
  readonly freed: number | null;
}

/** The way out behind `howSlotsMove`, with what it costs and what it frees; empty where it cannot be gone, for the source does not answer, or frees but a few segments. Pure. */
export function orRelease({cdcStarted}: Pick<RunState, 'cdcStarted'>, {answers, freed}: WayOut): string {
  if (!answers || (freed !== null && freed < LEAST_ROOM_BYTES)) return '';
  const frees = freed === null ? '' : ` frees the ${formatBytes(freed)} that our slots hold`;
  return cdcStarted === null
    ? `; or give it up: longhaul release${frees}`
    : `; or give change capture up, and load everything again: longhaul release${frees}`;
}

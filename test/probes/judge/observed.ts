import type {Alarm} from '../../../src/domain/reading/alarm.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import type {Reading, SlotReading} from '../../../src/domain/reading/reading.ts';
import {NEW_RUN, type RunState, type UnitState} from '../../../src/domain/run/run-state.ts';
import {judgeAlarms} from '../../../src/probes/judge/alarms.ts';
import type {AlarmThresholds} from '../../../src/probes/judge/thresholds.ts';
import {NOTHING_SEEN, remember, type History} from '../../../src/probes/judge/history.ts';

/** A gigabyte. */
export const GB = 1024 ** 3;
/** Minute 0 of every table. */
export const START = Date.parse('2026-11-24T04:00:00.000Z');
/** The defaults of longhaul.yaml. */
export const thresholds = {
  retainedBytes: 200 * GB,
  runwayMinutes: 120,
  inactiveMinutes: 30,
  stalledMinutes: 10,
  waitingMinutes: 10,
  longTransactionMinutes: 30,
  wraparoundAge: 1_000_000_000,
  catalogXminAge: 200_000_000,
};
const P = parseLsn('16/B374D848');

/** A slot of ours that somebody reads, with 1 GB. */
export const slot: SlotReading = {
  name: 'dms_slot_01',
  kind: 'logical',
  plugin: 'pglogical',
  database: 'app',
  active: false,
  ours: true,
  restartLsn: P,
  confirmedFlushLsn: P,
  retainedBytes: GB,
  walStatus: 'reserved',
  safeWalBytes: null,
  invalidationReason: null,
};
/** The time of a minute. */
export const at = (minute: number): string => new Date(START + minute * 60_000).toISOString();
/** A reading of the slots: ours, with these changes. WAL grows by 1 MB a minute. */
export const slots = (minute: number, ...changes: Partial<SlotReading>[]): Reading => ({
  at: at(minute),
  probe: 'slots',
  currentLsn: parseLsn(`17/${Math.round(minute * 0x100000).toString(16)}`),
  slots: changes.map((change) => ({...slot, ...change})),
});
/** A unit of 1 GB in its lane since minute 0, paused where that is given. */
export const loadingUnit = (id: string, paused: {since: string; by: string} | null = null): UnitState => ({
  id,
  kind: 'table',
  tables: [],
  bytes: GB,
  state: {status: 'running', attempt: 1, tries: 1, lane: 1, folder: '', startedAt: at(0), paused},
});
/** A reading of the lanes: one unit, and what has gone through its pipe. */
export const lanes = (minute: number, unit: string, bytes: number, rows: number | null = null): Reading => ({
  at: at(minute),
  probe: 'lanes',
  units: [{unit, bytes, bytesPerSecond: null, rows, lastLine: null}],
});
/** A reading of the target, which has let these paused units go. */
export const target = (minute: number, ...cutOff: string[]): Reading => ({
  at: at(minute),
  probe: 'target',
  databaseBytes: null,
  databaseSeenAt: at(minute),
  blocked: 0,
  activity: [],
  cutOff,
});
/** What these readings come to. */
export const historyOf = (readings: readonly Reading[], state: RunState = NEW_RUN): History =>
  readings.reduce(
    (history, reading) => remember(history, reading, {state, atMs: Date.parse(reading.at)}),
    NOTHING_SEEN,
  );

/** What is due at a minute after these readings. */
export function due(
  minute: number,
  readings: readonly Reading[],
  state: RunState = NEW_RUN,
  limits: AlarmThresholds = thresholds,
): Alarm[] {
  const staleAfterMs = new Map<string, number>();
  return judgeAlarms({
    history: historyOf(readings, state),
    state,
    thresholds: limits,
    nowMs: START + minute * 60_000,
    steadyMs: START + minute * 60_000,
    sinceMs: START,
    staleAfterMs,
    troubles: new Map(),
  });
}
/** Alarms in short: `slot.lost:dms_slot_01 critical`. */
export const idsOf = (alarms: readonly Alarm[]): string[] => alarms.map(({id, severity}) => `${id} ${severity}`);
/** A run in which this alarm stands. */
export const standing = (id: string): RunState => ({
  ...NEW_RUN,
  alarms: [{id, severity: 'warning', subject: '', seen: '', remedy: '', since: at(0)}],
});

const boundary = {lsn: P, postmasterStart: 'then', timeline: 1, systemIdentifier: '7', capturedAt: at(0)};
const captured = {status: 'done', startedAt: at(0), endedAt: at(0.5), evidence: {}, already: false} as const;
/** A run whose P was captured in the first half minute. */
export const atP: RunState = {...NEW_RUN, boundary, steps: [{id: 'capture-boundary', state: captured}]};
/** A reading of the replica: standing at P, with these changes. */
export const replica = (change: Partial<Extract<Reading, {probe: 'replica'}>>): Reading => ({
  at: at(1),
  probe: 'replica',
  inRecovery: true,
  paused: true,
  receiveLsn: P,
  replayLsn: P,
  postmasterStart: 'then',
  backlogBytes: 0,
  ...change,
});

/** No forecast of the primary's disk, for this reason. */
export const noRunwayOf = (
  why: 'it does not grow' | 'free space is not known' | 'growth is being measured',
): Reading => ({
  at: at(1),
  probe: 'runway',
  server: 'source',
  runway: null,
  why,
});

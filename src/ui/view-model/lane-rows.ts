import type {ServerRole} from '../../domain/pg/server-role.ts';
import {unitProgress} from '../../domain/reading/estimate-load.ts';
import {isCutOff} from '../../domain/reading/lane-alarm.ts';
import type {UnitState} from '../../domain/run/run-state.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Live} from '../store/live.ts';
import {isoToMs, msSince} from './iso-time.ts';
import {silentServers, unitReading} from './readings.ts';
import {unitTitle} from './unit-title.ts';
import {builtBeside, pieceEtaMs, pieceTitle, piecesNow, workView, type WorkView} from './work.ts';

/** One load unit, as a lane's line or box. Bytes are the source's heap and TOAST bytes; the pipe's bytes are measured against them. */
export interface LaneRow {
  readonly id: string;
  readonly title: string;
  /** `working`: no unit, but an index that is built, beside the load or after it, or a table that is compared. */
  readonly status: 'working' | 'running' | 'paused' | 'failed' | 'queued' | 'committed';
  /** 0 to 1; 1 only once committed. Null before the first figure. */
  readonly share: number | null;
  readonly bytesPerSecond: number | null;
  readonly leftBytes: number;
  readonly etaMs: number | null;
  readonly rows: number | null;
  readonly startedAt: string | null;
  /** How long a piece of work is under way. */
  readonly workedMs: number | null;
  readonly pausedMs: number | null;
  readonly pausedBy: string | null;
  /** Whether the target has let it go while it was paused: it can only begin again. */
  readonly cutOff: boolean;
  readonly lane: number | null;
  readonly attempt: number | null;
  readonly lastLine: string | null;
  /** Why it failed. */
  readonly failure: string | null;
  /** Milliseconds until it is tried again by itself; null when it waits for the operator. */
  readonly retryInMs: number | null;
  /** Whether P is lost, so that nothing can be tried again at it. */
  readonly boundaryLost: boolean;
  /** Whether no unit is started until the hold is ended. */
  readonly held: boolean;
  /** The server that does not answer, without which a failed one is not tried again. */
  readonly awaits: ServerRole | null;
  /** What decides about it, where no process of it is seen any more: `ended; the target does not answer`. */
  readonly unseen: string | null;
  /** Of a piece of work: its table, and what the server does with it: `users`, `scanning table`. */
  readonly table: string;
  readonly phase: string;
  /** The last rates, for the spark line. */
  readonly rates: readonly number[];
}

/** Every unit of the load, and how many of them are where. */
export interface LanesView {
  /** In the order of the plan. */
  readonly rows: readonly LaneRow[];
  readonly running: number;
  readonly paused: number;
  readonly failed: number;
  readonly committed: number;
  readonly queued: {readonly units: number; readonly bytes: number};
  /** Bytes that are not committed yet, without what the pipes have carried. */
  readonly leftBytes: number;
  readonly held: boolean;
  /** What the step after the load does; null while none runs. */
  readonly work: WorkView | null;
  /** The indexes that are built beside the load; null while there is none, and after it. */
  readonly built: ReturnType<typeof builtBeside>;
}

// The status lines, the pane and the cursor ask for the same rows in every tick.
const made = new WeakMap<Live, {readonly nowMs: number; readonly view: LanesView}>();

/** Every unit of the load with its newest figures. */
export function lanesView(live: Live, nowMs: number): LanesView {
  const known = made.get(live);
  if (known?.nowMs === nowMs) return known.view;
  const view = viewOf(live, nowMs);
  made.set(live, {nowMs, view});
  return view;
}

function viewOf(live: Live, nowMs: number): LanesView {
  const all = [...workRows(live), ...live.run.units.map((unit) => laneRow(live, unit, nowMs))];
  // What was foretold goes on ageing where nobody is heard.
  const rows = live.link.status === 'lost' ? all.map((row) => ({...row, etaMs: null})) : all;
  const count = (status: LaneRow['status']): number => rows.filter((row) => row.status === status).length;
  const queue = rows.filter((row) => row.status === 'queued');
  return {
    rows,
    running: count('running'),
    paused: count('paused'),
    failed: count('failed'),
    committed: count('committed'),
    queued: {units: queue.length, bytes: sum(queue.map((row) => row.leftBytes))},
    leftBytes: sum(rows.map((row) => (row.status === 'working' ? 0 : row.leftBytes))),
    held: live.run.held,
    work: workView(live),
    built: builtBeside(live),
  };
}

/** A line for every index that is built and every table that is compared just now. */
function workRows(live: Live): LaneRow[] {
  return piecesNow(live).map((piece): LaneRow => ({
    ...IDLE,
    id: `work:${piece.name}`,
    title: pieceTitle(piece),
    status: 'working',
    share: piece.share,
    leftBytes: piece.bytes * (1 - (piece.share ?? 0)),
    etaMs: pieceEtaMs(piece),
    startedAt: piece.startedAt,
    workedMs: piece.elapsedMs,
    table: screenText(piece.table).replace(/^public\./, ''),
    phase: screenText(piece.phase ?? ''),
  }));
}

/** A unit's status as the lanes pane has it: a paused one runs no longer. */
export function laneStatus({state}: UnitState): LaneRow['status'] {
  return state.status === 'running' && state.paused !== null ? 'paused' : state.status;
}

/** A unit with its newest figures. */
export function laneRow(live: Live, unit: UnitState, nowMs: number): LaneRow {
  const base = {...IDLE, id: unit.id, title: unitTitle(unit), leftBytes: unit.bytes};
  const {state} = unit;
  switch (state.status) {
    case 'queued':
      return base;
    case 'committed':
      return {...base, status: 'committed', share: 1, leftBytes: 0, rows: state.rows, attempt: state.attempt};
    case 'failed': {
      const retryAt = state.retryAt === null ? null : isoToMs(state.retryAt);
      return {
        ...base,
        status: 'failed',
        attempt: state.attempt,
        failure: screenText(state.failure.message),
        retryInMs: retryAt === null ? null : Math.max(0, retryAt - nowMs),
        held: live.run.held,
        awaits: silentServers(live).find(({server}) => server !== 'source')?.server ?? null,
        boundaryLost: live.run.boundaryMoved !== null,
      };
    }
    case 'running':
      return {
        ...base,
        ...runningFigures(live, unit),
        ...pause(state.paused, nowMs),
        cutOff: state.paused !== null && isCutOff(live.run, unit.id),
        lane: state.lane,
        attempt: state.attempt,
        startedAt: state.startedAt,
      };
  }
}

function runningFigures(live: Live, unit: UnitState): Partial<LaneRow> {
  const reading = unitReading(live, unit.id);
  const rates = (live.trends.units[unit.id] ?? []).map((sample) => sample.value);
  if (reading === null) {
    // The target alone tells how a lane has ended; one that began after the processes were last read is alive.
    const isAway = silentServers(live).some(({server}) => server === 'target');
    const seenAt = live.readings.get('lanes')?.at ?? '';
    const isGone = unit.state.status === 'running' && unit.state.startedAt < seenAt;
    return {rates, unseen: isAway && isGone ? 'has ended, and the target does not answer' : null};
  }
  const {loadedBytes, minutes} = unitProgress(unit, reading, live.run.units);
  return {
    rates,
    share: unit.bytes === 0 ? 0 : loadedBytes / unit.bytes,
    bytesPerSecond: reading.bytesPerSecond,
    leftBytes: unit.bytes - loadedBytes,
    etaMs: minutes === null ? null : minutes * 60_000,
    rows: reading.rows,
    lastLine: reading.lastLine === null ? null : screenText(reading.lastLine),
  };
}

function pause(paused: {since: string; by: string} | null, nowMs: number): Partial<LaneRow> & Pick<LaneRow, 'status'> {
  if (paused === null) return {status: 'running'};
  return {
    status: 'paused',
    pausedMs: msSince(paused.since, nowMs),
    pausedBy: screenText(paused.by),
    bytesPerSecond: null,
    etaMs: null,
  };
}

const IDLE: Omit<LaneRow, 'id' | 'title' | 'leftBytes'> = {
  status: 'queued',
  share: null,
  bytesPerSecond: null,
  etaMs: null,
  rows: null,
  startedAt: null,
  workedMs: null,
  pausedMs: null,
  pausedBy: null,
  cutOff: false,
  lane: null,
  attempt: null,
  lastLine: null,
  failure: null,
  retryInMs: null,
  boundaryLost: false,
  held: false,
  awaits: null,
  unseen: null,
  table: '',
  phase: '',
  rates: [],
};

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

import {doublingMs} from '../../domain/base/doubling.ts';
import type {RunState, UnitState} from '../../domain/run/run-state.ts';
import {runningUnits} from './running-units.ts';

/** What the load does next. Pure. */
export interface Decision {
  /** Units to start now, each with its lane's number (from 1). */
  readonly start: readonly {readonly unit: UnitState; readonly lane: number; readonly attempt: number}[];
  /** `going on` while something runs, is about to start, or waits for its retry; `stuck` when only the operator can help. */
  readonly status: 'going on' | 'done' | 'stuck';
}

/**
 * Fills the free lanes: failed units whose time for a retry has come, then queued units in their order (largest first).
 * `isDue` says of a failed unit whether its time has come. With `mayStart` false (held, or the boundary moved) nothing new is started.
 */
export function schedule(state: RunState, isDue: (unit: UnitState) => boolean, mayStart: boolean): Decision {
  const busy = new Set(state.units.flatMap((unit) => (unit.state.status === 'running' ? [unit.state.lane] : [])));
  const free = Array.from({length: state.lanes}, (_, index) => index + 1).filter((lane) => !busy.has(lane));
  const ready = state.units.filter((unit) => isWaiting(unit) && (unit.state.status === 'queued' || isDue(unit)));
  // Of fewer lanes than there were, some may run that have a higher number.
  const most = Math.max(0, Math.min(free.length, state.lanes - busy.size));
  const start = mayStart
    ? ready.slice(0, most).map((unit, index) => ({unit, lane: free[index] ?? 0, attempt: nextAttempt(unit)}))
    : [];
  return {start, status: statusOf(state, mayStart, busy.size > 0)};
}

/** Whether what was decided a moment ago may still be done: nobody held the load, lost P or called the unit off meanwhile. Pure. */
export function mayStillStart(
  state: RunState,
  {unit, attempt}: {readonly unit: Pick<UnitState, 'id'>; readonly attempt: number},
): boolean {
  const now = state.units.find(({id}) => id === unit.id);
  if (now === undefined || state.held || state.boundaryMoved !== null) return false;
  return isWaiting(now) && nextAttempt(now) === attempt;
}

/** The number of lanes: what an operator has asked for, until longhaul.yaml has another number than it had then. Pure. */
export function lanesOf({lanesAsked}: Pick<RunState, 'lanesAsked'>, configured: number): number {
  return lanesAsked?.instead === configured ? lanesAsked.lanes : configured;
}

/** Whether index builds may begin beside the load: not while units are held, all lanes are paused, or P is lost. Pure. */
export function mayBuild(state: RunState): boolean {
  const running = runningUnits(state);
  const paused = running.length > 0 && running.every((unit) => unit.state.paused !== null);
  return !state.held && !paused && state.boundaryMoved === null;
}

/** Whether it is to be loaded, now or once its time has come. Pure. */
export function isWaiting({state}: UnitState): boolean {
  return state.status === 'queued' || (state.status === 'failed' && state.retryAt !== null);
}

/** The number of a unit's next attempt. Pure. */
export function nextAttempt(unit: UnitState): number {
  return (unit.state.status === 'queued' ? unit.state.attempts : unit.state.attempt) + 1;
}

function statusOf(state: RunState, mayStart: boolean, anyRunning: boolean): Decision['status'] {
  if (state.units.every((unit) => unit.state.status === 'committed')) return 'done';
  if (anyRunning) return 'going on';
  const willRun = state.units.some((unit) => isWaiting(unit));
  // A hold is the operator's wish and lasts; a boundary that moved ends the load.
  return willRun && (mayStart || state.held) && state.boundaryMoved === null ? 'going on' : 'stuck';
}

const LONGEST_RETRY_MS = 300_000;

/** How long to wait after so many tries (from 1): 5 s, 10 s, 20 s, … at most 5 minutes. Null when the retries are used up. */
export function retryDelayMs(
  tries: number,
  {retries, retryDelayMs: firstMs}: {readonly retries: number; readonly retryDelayMs: number},
): number | null {
  if (tries > retries) return null;
  return doublingMs(tries, firstMs, LONGEST_RETRY_MS);
}

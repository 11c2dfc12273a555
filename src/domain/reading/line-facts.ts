import {withSeenNow} from './alarm.ts';
import {isBoundaryLost} from '../pg/hand-over.ts';
import {isLost, type Reading} from './reading.ts';
import {readingKey} from './reading-key.ts';
import type {StepId} from '../run/step-id.ts';
import {estimateWork, isComparison} from '../ends/work.ts';
import type {ServerRole} from '../pg/server-role.ts';
import {findSilent} from './silent-servers.ts';
import {isOver} from '../rules/what-now.ts';
import {wantedInShort} from '../rules/wanted.ts';
import {lastComparison, type LastComparison} from '../run/cutover/last-comparison.ts';
import {isTakenBack, latestCutover, stoppedSince} from '../run/cutover/cutover.ts';
import {allCommitted, type RunState} from '../run/run-state.ts';

/** The little that the one line for tmux is made of; the supervisor keeps it in a file, so that it is read in no time. */
export interface LineFacts {
  readonly run: string | null;
  /** The supervisor's process, for whoever asks whether it lives; null where the run has none. */
  readonly pid: number | null;
  /** What it does: `load 3/9`, `pause-replay waiting`, `done`. */
  readonly doing: string;
  /** What waits for the operator: `WAITS FOR YOU`, `2 UNITS FAILED`, `START CDC`; empty where nothing does. */
  readonly wants: string;
  /** Whether the run is over for good, so that nobody misses its supervisor. */
  readonly over?: boolean;
  /** Since when writers wait in a cutover or on the way back, ISO 8601; null while nobody does. */
  readonly stoppedSince?: string | null;
  /** The snapshots that the last comparison holds behind the hand-over; null where it holds none. */
  readonly snapshots?: Pick<LastComparison, 'since' | 'limitMs'> | null;
  readonly critical: number;
  readonly warnings: number;
  /** Whether P is lost, by the replica or by its slots. */
  readonly boundaryMoved: boolean;
  /** Servers that did not answer when they were last asked. */
  readonly silent: readonly ServerRole[];
  /** When the slots were last seen, ISO 8601; null before. */
  readonly seenAt: string | null;
  readonly lost: number;
  /** The slot that retains the most; null where none is known to retain any. */
  readonly worst: {readonly name: string; readonly retainedBytes: number} | null;
  /** Until the primary's disk is full at the soonest; null when that cannot be said. */
  readonly fullMinutes: number | null;
  /** Until the load is in, or the step after it that works piece by piece is done; null with the reason, or without one when there is no load. */
  readonly etaMinutes: number | null;
  readonly etaWhy: string;
}

/** The facts from a run's state and its newest readings. Pure. */
export function lineFacts(state: RunState, readings: Iterable<Reading>): LineFacts {
  const newest = new Map([...readings].map((reading) => [readingKey(reading), reading]));
  const alarms = isOver(state) ? [] : withSeenNow(state.alarms, newest.get('alarms')).filter(({over}) => !over);
  const slots = newest.get('slots');
  const disk = newest.get('runway:source');
  const load = newest.get('eta');
  const work = newest.get('work');
  const isTold = work?.probe === 'work' && isRunning(state, work.work?.step);
  // Beside the load it is the load that is told of.
  const under = isTold && (work.work?.step !== 'full-load' || allCommitted(state)) ? work.work : null;
  // The last reading of a load may be older than its last commit.
  const eta = load?.probe === 'eta' && load.eta.bytesLeft > 0 && !allCommitted(state) ? load.eta : null;
  const seen = slots?.probe === 'slots' ? slots.slots : [];
  const [worst] = seen.toSorted((a, b) => (b.retainedBytes ?? -1) - (a.retainedBytes ?? -1));
  return {
    run: state.run,
    pid: state.supervisor?.pid ?? null,
    doing:
      under === null
        ? doingOf(state)
        : `${isComparison(under.step) ? 'compared' : 'built'} ${under.done}/${under.total}`,
    wants: wantedInShort(state),
    over: isOver(state),
    stoppedSince: stoppedSince(state),
    snapshots: lastComparison(state),
    critical: alarms.filter(({severity}) => severity === 'critical').length,
    warnings: alarms.filter(({severity}) => severity === 'warning').length,
    boundaryMoved: isBoundaryLost(state) || state.boundaryDisproved !== null,
    silent: findSilent(newest).map(({server}) => server),
    seenAt: slots?.at ?? null,
    lost: seen.filter((slot) => slot.ours && isLost(slot)).length,
    worst: worst?.retainedBytes == null ? null : {name: worst.name, retainedBytes: worst.retainedBytes},
    fullMinutes: disk?.probe === 'runway' ? (disk.runway?.soonest ?? null) : null,
    etaMinutes: under === null ? (eta?.loadMinutes ?? null) : estimateWork(under).minutes,
    etaWhy: eta?.why ?? '',
  };
}

function isRunning({steps}: RunState, step: StepId | undefined): boolean {
  return steps.some(({id, state}) => id === step && state.status === 'running');
}

/** What a run comes to that does nothing any more. */
function overOf(state: RunState): string {
  if (state.evidence['clean-up'] !== undefined) return 'handed over, cleaned up';
  const {isBack = false, cutover: latest = null} = latestCutover(state) ?? {};
  switch (latest?.status) {
    case 'handed-over':
      return isBack ? 'back on the source' : 'handed over';
    case 'gone-back':
      // The run before it was done, which is not what anybody asks then.
      return state.status === 'done' ? (isBack ? 'handed over' : 'on the source') : state.status;
    case 'under-way':
    case 'opening':
    case undefined:
      return state.status;
  }
}

function doingOf(state: RunState): string {
  // A step that was left unfinished keeps those after it from nothing.
  const step =
    state.steps.find(({state: {status}}) => status === 'running' || status === 'waiting') ??
    state.steps.find((one) => one.state.status === 'failed' && !isTakenBack(state, one.id));
  if (step === undefined) return overOf(state);
  if (step.id !== 'full-load') return `${step.id}${step.state.status === 'running' ? '' : ` ${step.state.status}`}`;
  const committed = state.units.filter((unit) => unit.state.status === 'committed').length;
  const failed = step.state.status === 'failed' ? ' FAILED' : '';
  return `load ${committed}/${state.units.length}${state.held ? ' HELD' : failed}`;
}

import type {LoadUnit, UnitFailure} from '../../domain/run/load-unit.ts';
import {newBoundary} from '../../domain/pg/boundary.ts';
import {printable} from '../../domain/base/printable.ts';
import type {RelationName} from '../../domain/pg/relation.ts';
import {loadRemedy} from './lane/load-remedy.ts';
import type {Pipeline} from './pipeline/pipeline.ts';
import {parseConnectionError} from './pipeline/tool-errors.ts';

/** Why a lane was ended by us, and who asked: the operator, the end of the supervisor, a P that is lost or whose slots are gone, or a start that came too late. */
export interface Ending {
  readonly how: 'cancelled' | 'shutdown' | 'boundary' | 'released' | 'late';
  readonly by: string;
}

/** What the fence's psql printed: see expectedOfFence(). */
export interface FenceSeen {
  /** The replica before the data, and after them; null when it did not come so far. */
  readonly before: string | null;
  readonly after: string | null;
}

/** What a lane that has ended left in its folder. Exit statuses as the shell counts: above 128 is death by signal. */
export interface LaneRemains {
  /** How the unit's data travelled. */
  readonly pipeline: Pipeline;
  /** Null when the end was killed before it could tell. */
  readonly dumpExit: number | null;
  readonly loadExit: number | null;
  readonly dumpLog: string;
  readonly loadLog: string;
  readonly fenceSeen: FenceSeen;
  /** The one line that both should be. */
  readonly fenceExpected: string;
  readonly fenceLog: string;
  /** What the pv in its pipe has said; null where there was none. */
  readonly throttleLog: string | null;
  /** The table whose COPY was in hand. */
  readonly current: RelationName | null;
  /** Set when it was ended on purpose. */
  readonly ended: Ending | null;
}

const SIGPIPE_EXIT = 141;

/** Why a unit that is not in the ledger failed. Pure. Whichever end died first is the cause: the other dies of it. */
export function classifyFailure(unit: LoadUnit, remains: LaneRemains): UnitFailure {
  const table = remains.current ?? (unit.tables.length === 1 ? (unit.tables[0] ?? null) : null);
  if (remains.ended !== null) return endedOnPurpose(unit, remains.ended, table);
  if (saidNothing(remains)) return lost(unit, table);
  return (
    fenceFailure(unit, remains) ??
    dumpFailure(unit, remains, table) ??
    throttleFailure(unit, remains, table) ??
    loadFailure(unit, remains, table) ??
    lost(unit, table)
  );
}

function endedOnPurpose(unit: LoadUnit, {how, by}: Ending, table: RelationName | null): UnitFailure {
  const common = {table, sqlstate: null};
  switch (how) {
    case 'cancelled':
      return {
        ...common,
        cause: 'cancelled',
        message: `cancelled by ${by}; none of its rows stayed`,
        remedy: `longhaul retry ${unit.id} loads it again`,
        heals: false,
      };
    case 'shutdown':
      return {
        ...common,
        cause: 'lost',
        message: `ended together with the supervisor by ${by}; none of its rows stayed`,
        remedy: 'longhaul run loads it again',
        heals: true,
      };
    case 'late':
      return {
        ...common,
        cause: 'lost',
        message: 'its lane did not start in time, and was called off; none of its rows stayed',
        remedy: `see that the jump box has processes and memory left; longhaul retry ${unit.id} loads it again`,
        heals: true,
      };
    case 'boundary':
      return {
        ...common,
        cause: 'fence',
        message: 'ended, because the replica left P; none of its rows stayed',
        remedy: newBoundary({inRecovery: true}),
        heals: false,
      };
    case 'released':
      return {
        ...common,
        cause: 'fence',
        message: `ended, because ${by} released the slots; none of its rows stayed`,
        remedy: 'longhaul run begins again with new slots and a new P',
        heals: false,
      };
  }
}

/** The wrapper and both ends were killed at once, or the machine was. */
function saidNothing({dumpExit, loadExit, dumpLog, loadLog, fenceLog}: LaneRemains): boolean {
  return dumpExit === null && loadExit === null && `${dumpLog}${loadLog}${fenceLog}`.trim() === '';
}

function fenceFailure(unit: LoadUnit, remains: LaneRemains): UnitFailure | null {
  const {before, after} = remains.fenceSeen;
  const expected = remains.fenceExpected;
  if (before !== null && before !== expected) return movedFence(before, 'before', expected);
  if (remains.dumpExit === 0) {
    if (after === null) return lostFence(unit, 'after', remains.fenceLog);
    if (before !== expected || after !== expected) return movedFence(after, 'after', expected);
  }
  // Without the fence's session no dump begins.
  return before === null && remains.dumpExit === null && remains.fenceLog.trim() !== ''
    ? lostFence(unit, 'before', remains.fenceLog)
    : null;
}

function lostFence(unit: LoadUnit, when: 'before' | 'after', log: string): UnitFailure {
  return {
    cause: 'producer',
    message: `the lane's session on the replica ${when === 'before' ? 'could not be opened' : 'did not live through the dump'}: ${firstLine(log) ?? 'the lane was killed'}`,
    table: null,
    sqlstate: null,
    remedy: `see that the replica is up, then longhaul retry ${unit.id}; nothing of the unit was committed`,
    heals: when === 'after' || parseConnectionError(log).heals,
  };
}

function movedFence(seen: string, when: 'before' | 'after', expected: string): UnitFailure {
  return {
    cause: 'fence',
    message: `the replica left P: its fence was "${printable(seen)}" ${when} the dump, not "${printable(expected)}" (position, in recovery, paused, start); the unit was rolled back`,
    table: null,
    sqlstate: null,
    // As expectedOfFence() has it: position, in recovery, paused, start.
    remedy: newBoundary({inRecovery: seen.split(' ')[1] !== 'f'}),
    heals: false,
  };
}

function dumpFailure(unit: LoadUnit, remains: LaneRemains, table: RelationName | null): UnitFailure | null {
  if (remains.dumpExit === 0) return null;
  const {producer, consumer} = remains.pipeline;
  const error = producer.errorIn(remains.dumpLog);
  if (remains.dumpExit === SIGPIPE_EXIT || error?.brokenPipe === true) return null;
  // The taking end failed by itself and the lane was then torn down with it.
  if (error === null && consumer.errorIn(remains.loadLog)?.sqlstate != null && remains.dumpExit === null) return null;
  return {
    cause: 'producer',
    message: error === null ? endOf(producer.name, remains.dumpExit) : `${producer.name}: ${printable(error.message)}`,
    table,
    sqlstate: null,
    remedy:
      error === null || error.heals
        ? `nothing of it was committed; longhaul retry ${unit.id} loads it again`
        : `mend what the message names, then longhaul retry ${unit.id}; nothing of it was committed`,
    heals: error === null ? wasKilled(remains.dumpExit) : error.heals,
  };
}

/** Where pv dies, both ends only see that the pipe is gone. */
function throttleFailure(unit: LoadUnit, remains: LaneRemains, table: RelationName | null): UnitFailure | null {
  const {throttleLog, dumpExit, loadExit} = remains;
  if (throttleLog === null || (dumpExit !== SIGPIPE_EXIT && dumpExit !== 0)) return null;
  const error = remains.pipeline.consumer.errorIn(remains.loadLog);
  if (error === null ? loadExit !== 0 : error.cutOff !== true) return null;
  return {...lost(unit, table), message: `pv, which passes the data on, ${firstLine(throttleLog) ?? 'was killed'}`};
}

function loadFailure(unit: LoadUnit, remains: LaneRemains, table: RelationName | null): UnitFailure | null {
  const {consumer} = remains.pipeline;
  const error = consumer.errorIn(remains.loadLog);
  if (error === null && (remains.loadExit === 0 || remains.loadExit === null)) return null;
  const sqlstate = error?.sqlstate ?? null;
  const where = error?.context == null ? '' : ` (${printable(error.context)})`;
  return {
    cause: 'consumer',
    message:
      error === null ? endOf(consumer.name, remains.loadExit) : `${consumer.name}: ${printable(error.message)}${where}`,
    table,
    sqlstate,
    remedy: loadRemedy(unit, sqlstate, table),
    heals: error === null ? wasKilled(remains.loadExit) : error.heals,
  };
}

function lost(unit: LoadUnit, table: RelationName | null): UnitFailure {
  return {
    cause: 'lost',
    message:
      'the lane is gone and left no result (killed, or the jump box was restarted); the ledger says that the unit is not loaded',
    table,
    sqlstate: null,
    remedy: `nothing of it was committed; longhaul retry ${unit.id} loads it again`,
    heals: true,
  };
}

/** Death by signal, or before it could be told: the exit of a shell's child above 128. */
function wasKilled(exit: number | null): boolean {
  return exit === null || exit > 128;
}

function endOf(tool: string, exit: number | null): string {
  if (exit === null) return `${tool} was killed`;
  if (exit > 128) return `${tool} was killed by signal ${exit - 128}`;
  // The shell's own words for a program that is not there, or may not be run.
  return exit === 127 || exit === 126 ? `${tool} could not be started` : `${tool} ended with ${exit} and said nothing`;
}

function firstLine(text: string): string | null {
  return printable(text.split('\n').find((candidate) => candidate.trim() !== '') ?? '') || null;
}

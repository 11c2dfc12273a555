import {fenceLine, type Boundary} from '../../domain/boundary.ts';
import type {LoadUnit, UnitFailure} from '../../domain/load-unit.ts';
import {printable} from '../../domain/printable.ts';
import type {RelationName} from '../../domain/relation.ts';
import {healsWithTime, SQLSTATE} from '../../pg/sqlstate.ts';
import {parseDumpError, parsePsqlError} from './tool-errors.ts';

/** What a lane that has ended left in its folder. Exit statuses as the shell counts: above 128 is death by signal. */
export interface LaneRemains {
  /** Null when the end was killed before it could tell. */
  readonly dumpExit: number | null;
  readonly loadExit: number | null;
  readonly dumpLog: string;
  readonly loadLog: string;
  /** What the fence saw after the dump; null when it did not come so far. */
  readonly fenceSeen: string | null;
  readonly fenceLog: string;
  /** The table whose COPY was in hand. */
  readonly current: RelationName | null;
  /** Whether the operator cancelled it, and who. */
  readonly cancelledBy: string | null;
}

const SIGPIPE_EXIT = 141;

/** Why a unit that is not in the ledger failed. Pure. Whichever end died first is the cause: the other dies of it. */
export function classifyFailure(unit: LoadUnit, boundary: Boundary, remains: LaneRemains): UnitFailure {
  const table = remains.current ?? (unit.tables.length === 1 ? (unit.tables[0] ?? null) : null);
  if (remains.cancelledBy !== null) {
    return {
      cause: 'cancelled',
      message: `cancelled by ${remains.cancelledBy}; none of its rows stayed`,
      table,
      sqlstate: null,
      remedy: `longhaul retry ${unit.id} loads it again`,
      heals: false,
    };
  }
  if (saidNothing(remains)) return lost(unit, table);
  return (
    fenceFailure(boundary, remains) ??
    dumpFailure(unit, remains, table) ??
    loadFailure(unit, remains, table) ??
    lost(unit, table)
  );
}

/** The wrapper and both ends were killed at once, or the machine was. */
function saidNothing({dumpExit, loadExit, dumpLog, loadLog}: LaneRemains): boolean {
  return dumpExit === null && loadExit === null && dumpLog.trim() === '' && loadLog.trim() === '';
}

function fenceFailure(boundary: Boundary, remains: LaneRemains): UnitFailure | null {
  const seen = remains.fenceSeen?.trim() ?? null;
  if (remains.dumpExit !== 0 || seen === fenceLine(boundary)) return null;
  if (seen === null || seen === '') {
    return {
      cause: 'producer',
      message: `the replica did not say where it stands after the dump: ${firstLine(remains.fenceLog) ?? 'the lane was killed'}`,
      table: null,
      sqlstate: null,
      remedy: 'see that the replica is up; nothing of the unit was committed',
      heals: true,
    };
  }
  return {
    cause: 'fence',
    message: `the replica left P: it stood at ${printable(seen)} after the dump, not at ${fenceLine(boundary)}; the unit was rolled back`,
    table: null,
    sqlstate: null,
    remedy:
      'the boundary is gone: longhaul abort, then longhaul run takes a new P (what was loaded at the old one is replaced)',
    heals: false,
  };
}

function dumpFailure(unit: LoadUnit, remains: LaneRemains, table: RelationName | null): UnitFailure | null {
  if (remains.dumpExit === 0) return null;
  const error = parseDumpError(remains.dumpLog);
  const killed = remains.dumpExit === null || remains.dumpExit > 128;
  if (remains.dumpExit === SIGPIPE_EXIT || error?.brokenPipe === true) return null;
  // psql failed by itself and the lane was then torn down with it.
  if (error === null && parsePsqlError(remains.loadLog)?.sqlstate != null && remains.dumpExit === null) return null;
  return {
    cause: 'producer',
    message:
      error === null ? `pg_dump was killed${signalOf(remains.dumpExit)}` : `pg_dump: ${printable(error.message)}`,
    table,
    sqlstate: null,
    remedy:
      error?.refused === true
        ? `mend what the replica refuses, then longhaul retry ${unit.id}`
        : `nothing of it was committed; longhaul retry ${unit.id} loads it again`,
    heals: killed || error?.refused === false,
  };
}

function loadFailure(unit: LoadUnit, remains: LaneRemains, table: RelationName | null): UnitFailure | null {
  const error = parsePsqlError(remains.loadLog);
  if (error === null && (remains.loadExit === 0 || remains.loadExit === null)) return null;
  const sqlstate = error?.sqlstate ?? null;
  const where = error?.context == null ? '' : ` (${printable(error.context)})`;
  return {
    cause: 'consumer',
    message:
      error === null ? `psql was killed${signalOf(remains.loadExit)}` : `psql: ${printable(error.message)}${where}`,
    table,
    sqlstate,
    remedy: loadRemedy(unit, sqlstate),
    heals: sqlstate === null ? true : healsWithTime(sqlstate),
  };
}

function loadRemedy(unit: LoadUnit, sqlstate: string | null): string {
  const retry = `longhaul retry ${unit.id}`;
  switch (sqlstate) {
    case null:
      return `nothing of it was committed; ${retry} loads it again`;
    case SQLSTATE.diskFull:
      return `the target's disk is full: make it larger, then ${retry}; nothing of the unit stayed`;
    case SQLSTATE.uniqueViolation:
      return `rows are there already, or a unique index was left on the target: longhaul run --from strip-target, then ${retry}`;
    case SQLSTATE.undefinedTable:
      return (
        'the target lacks a table that the replica has (DDL after the schema was copied): create it there, then ' +
        retry
      );
    case SQLSTATE.insufficientPrivilege:
      return `grant the target's role what the message names, then ${retry}`;
    default:
      return `see load.log in the unit's folder; when it is mended, ${retry}`;
  }
}

function lost(unit: LoadUnit, table: RelationName | null): UnitFailure {
  return {
    cause: 'lost',
    message:
      'the lane is gone and left no word (killed, or the jump box was restarted); the ledger says that the unit is not in',
    table,
    sqlstate: null,
    remedy: `nothing of it was committed; longhaul retry ${unit.id} loads it again`,
    heals: true,
  };
}

function signalOf(exit: number | null): string {
  return exit === null || exit <= 128 ? '' : ` by signal ${exit - 128}`;
}

function firstLine(text: string): string | null {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '');
  return line === undefined ? null : printable(line);
}

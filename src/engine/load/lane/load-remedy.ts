import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {LoadUnit} from '../../../domain/run/load-unit.ts';
import {SQLSTATE} from '../../../pg/session/sqlstate.ts';

/** What to do about what the target said to a unit. Pure. */
export function loadRemedy(unit: LoadUnit, sqlstate: string | null, table: RelationName | null): string {
  const retry = `longhaul retry ${unit.id}`;
  switch (sqlstate) {
    case null:
      return `nothing of it was committed; ${retry} loads it again`;
    case SQLSTATE.diskFull:
      return `the target's disk is full: make it larger, then ${retry}; nothing of the unit stayed`;
    case SQLSTATE.uniqueViolation:
      return `rows are there already, or a unique index is on the target: longhaul run --from strip-target takes off what the source has as well, and names what is the target's alone, to be dropped there by hand; then ${retry}`;
    case SQLSTATE.notOwner:
      return `end the other run (the command abort, with the configuration file of that run); then longhaul run --from full-load takes the target back and loads what is not in`;
    case SQLSTATE.foreignRows:
      return `when these rows are not wanted, on the target: ${emptied(unit, table)}; then ${retry}`;
    case SQLSTATE.notTaken:
      return `the ledger lost what it noted of the table (longhaul.load_table): ${retry} takes it again`;
    case SQLSTATE.rowsDiffer:
      return `on the target: drop the trigger of the table that leaves rows out; then ${retry}`;
    case SQLSTATE.undefinedTable:
    case SQLSTATE.undefinedFunction:
    case SQLSTATE.undefinedObject:
      return `where load.log names a function beside it, that looks by search_path, which is empty while rows are loaded: on the target, as its owner, ALTER FUNCTION … SET search_path = its schemas; else create there what the message names (DDL after the schema was copied); then ${retry}`;
    case SQLSTATE.insufficientPrivilege:
      return `grant the target's role what the message names (of a table SELECT, INSERT and TRUNCATE, or membership in its owner), then ${retry}`;
    case SQLSTATE.notNullViolation:
      return `rows of the source are NULL where it says NOT NULL: longhaul check names such columns once their table is analyzed there, with what to do, and a new P brings it; or at this P, on the target: ${nullable(table)}; then ${retry}, and compare-objects tells that it differs`;
    case SQLSTATE.checkViolation:
      return `the target has a constraint that the rows of the source do not meet, and the message has its name: drop it on the target; then ${retry}. Where the source has it too, build-indexes makes it again and names the rows that it refuses`;
    default:
      return `longhaul logs ${unit.id} shows what the target said; when it is mended, ${retry}`;
  }
}

function emptied({kind}: LoadUnit, table: RelationName | null): string {
  if (kind === 'large-objects')
    return 'SELECT lo_unlink(oid) FROM (SELECT oid FROM pg_largeobject_metadata LIMIT 500) AS batch, again until it gives no row';
  return `TRUNCATE ONLY ${table === null ? 'the table that the message names' : quoteRelation(table)}`;
}

/** The message has the column. */
function nullable(table: RelationName | null): string {
  return table === null
    ? 'NOT NULL taken off the column that the message names (ALTER TABLE … ALTER COLUMN … DROP NOT NULL)'
    : `ALTER TABLE ${quoteRelation(table)} ALTER COLUMN … DROP NOT NULL, with the column of the message`;
}

import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {SENTINEL_SCHEMA} from '../capture/sentinels.ts';
import {sql, type Statement} from '../session/statement.ts';

const FUNCTION = `${quoteIdentifier(SENTINEL_SCHEMA)}.${quoteIdentifier('longhaul_shut')}`;
const ROWS = 'longhaul_shut';
const TRUNCATE = 'longhaul_shut_truncate';

/**
 * The function of the triggers that shut a side: it refuses a write as a read-only database does (SQLSTATE 25006), whatever the session allows itself; or lets it through. Changed in one moment for all
 * tables, without a lock on any of them.
 */
export function createShut(refuses: boolean): Statement {
  const refusal = `RAISE EXCEPTION USING ERRCODE = 'read_only_sql_transaction',
    MESSAGE = format('cannot execute %s on %I.%I: this side was left', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME),
    HINT = 'The application writes on the other side now.';`;
  const pass = `IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;`;
  return sql(
    `CREATE OR REPLACE FUNCTION ${FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $longhaul$ BEGIN ${refuses ? refusal : pass} END $longhaul$`,
  );
}

function lacks(name: string): string {
  return `NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = '${name}')`;
}

/** These tables, as far as they have rows of their own. */
const OF_THESE = `FROM unnest($1::text[], $2::text[]) AS wanted(schema, name)
       JOIN pg_namespace n ON n.nspname = wanted.schema
       JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name AND c.relkind = 'r'`;

/** A table with rows of its own, and which of the two triggers it lacks. */
export interface OpenTable extends RelationName {
  readonly lacksRows: boolean;
  readonly lacksTruncate: boolean;
}

/** Of these tables those that have rows of their own and not both triggers, and whose owner our role is: a right to make triggers lets nobody take them off again. */
export function readNotShut(tables: readonly RelationName[]): Statement<OpenTable> {
  return sql(
    `SELECT n.nspname::text AS "schema", c.relname::text AS "name", ${lacks(ROWS)} AS "lacksRows", ${lacks(TRUNCATE)} AS "lacksTruncate"
       ${OF_THESE}
      WHERE pg_has_role(c.relowner, 'USAGE') AND (${lacks(ROWS)} OR ${lacks(TRUNCATE)}) ORDER BY 1, 2`,
    [tables.map(({schema}) => schema), tables.map(({name}) => name)],
  );
}

/** Of these tables those that have rows of their own and whose owner our role is not. */
export function readNotOurs(tables: readonly RelationName[]): Statement<RelationName> {
  return sql(
    `SELECT n.nspname::text AS "schema", c.relname::text AS "name"
       ${OF_THESE}
      WHERE NOT pg_has_role(c.relowner, 'USAGE') ORDER BY 1, 2`,
    [tables.map(({schema}) => schema), tables.map(({name}) => name)],
  );
}

/** The tables that have one of the triggers. */
export function readShut(): Statement<RelationName> {
  return sql(
    `SELECT DISTINCT n.nspname::text AS "schema", c.relname::text AS "name"
       FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_proc f ON f.oid = t.tgfoid JOIN pg_namespace fn ON fn.oid = f.pronamespace
      WHERE fn.nspname = $1 AND t.tgname IN ('${ROWS}', '${TRUNCATE}') ORDER BY 1, 2`,
    [SENTINEL_SCHEMA],
  );
}

/**
 * Has tables refuse writes, whichever way they come: a row of a partition, or a TRUNCATE, through its parent as well. They fire at the origin alone, so that changes may be applied there.
 * Keeps writers out while it is made, and no reader. Source: https://www.postgresql.org/docs/current/sql-createtrigger.html
 */
export function shutTables(tables: readonly OpenTable[]): Statement {
  const makes = tables.flatMap((table) => [
    ...(table.lacksRows ? [makeTrigger(ROWS, table, {before: 'INSERT OR UPDATE OR DELETE', each: 'ROW'})] : []),
    ...(table.lacksTruncate ? [makeTrigger(TRUNCATE, table, {before: 'TRUNCATE', each: 'STATEMENT'})] : []),
  ]);
  return sql(makes.join('; '));
}

function makeTrigger(name: string, table: RelationName, {before, each}: {before: string; each: string}): string {
  return `CREATE TRIGGER ${name} BEFORE ${before} ON ${quoteRelation(table)} FOR EACH ${each} EXECUTE PROCEDURE ${FUNCTION}()`;
}

/** Takes both triggers off a table. */
export function unshutTable(table: RelationName): Statement {
  const on = quoteRelation(table);
  return sql(`DROP TRIGGER IF EXISTS ${ROWS} ON ${on}; DROP TRIGGER IF EXISTS ${TRUNCATE} ON ${on}`);
}

/** Drops the function, once no table has its triggers. */
export function dropShut(): Statement {
  return sql(`DROP FUNCTION IF EXISTS ${FUNCTION}()`);
}

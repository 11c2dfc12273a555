import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {insideOf} from '../catalog/called-functions.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/**
 * A check that is valid by the catalog and may be false of a row all the same: it asks the clock or a setting, or calls a function that somebody
 * wrote, which may have been replaced since. A load evaluates it for each row anew.
 */
export interface DoubtfulCheck extends RelationName {
  readonly constraint: string;
  /** What has to be true of a row: `(until > now())`. */
  readonly condition: string;
  /** `CHECK ((until > now()))`. */
  readonly definition: string;
  /** The table from which the table has it, or the table itself. */
  readonly ofSchema: string;
  readonly ofTable: string;
}

/** Not immutable, or somebody's own; CURRENT_DATE is a node of its own, before 10 a text that is read as a date. */
const MAY_CHANGE = `(o.conbin::text ~ 'SQLVALUEFUNCTION|COERCEVIAIO' OR EXISTS (
        SELECT FROM regexp_matches(o.conbin::text, ':(?:funcid|opfuncid) ([0-9]+)', 'g') AS called (ids)
          JOIN pg_proc p ON p.oid = called.ids[1]::oid WHERE p.provolatile <> 'i' OR p.oid >= 16384))`;

/** Every such check of tables with rows of their own; the small tables come first, for these are read to their end. */
export function readDoubtfulChecks(): Statement<DoubtfulCheck> {
  return sql(`
    WITH RECURSIVE above AS (
      SELECT o.oid AS "check", o.conname AS name, o.conrelid AS relation, o.coninhcount AS inherited FROM pg_constraint o WHERE o.contype = 'c' AND o.conrelid <> 0
      UNION ALL
      SELECT a."check", a.name, p.conrelid, p.coninhcount
        FROM above a JOIN pg_inherits i ON i.inhrelid = a.relation JOIN pg_constraint p ON p.conrelid = i.inhparent AND p.contype = 'c' AND p.conname = a.name
       WHERE a.inherited > 0)
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", o.conname::text AS "constraint", pg_get_expr(o.conbin, o.conrelid) AS "condition",
           pg_get_constraintdef(o.oid) AS "definition", tn.nspname::text AS "ofSchema", tc.relname::text AS "ofTable"
      FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_class tc ON tc.oid = (SELECT a.relation FROM above a WHERE a."check" = o.oid AND a.inherited = 0 LIMIT 1)
      JOIN pg_namespace tn ON tn.oid = tc.relnamespace
     WHERE o.contype = 'c' AND o.convalidated AND c.relkind = 'r' AND c.relpersistence = 'p' AND ${MAY_CHANGE}
       AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
     ORDER BY c.relpages, 1, 2, 3`);
}

/** Whether a row of the table breaks the check. */
export function readBreaksCheck({
  schema,
  name,
  condition,
}: Pick<DoubtfulCheck, 'schema' | 'name' | 'condition'>): Statement<{breaks: boolean}> {
  return sql(`SELECT EXISTS (SELECT FROM ONLY ${quoteRelation({schema, name})} WHERE NOT (${condition})) AS "breaks"`);
}

/** The same of a domain, which a column's type is or has in it. */
export interface DoubtfulDomainCheck extends RelationName {
  readonly column: string;
  /** The column's type, for SQL: `public.code[]`. */
  readonly type: string;
  readonly constraint: string;
  /** `CHECK (public.fits(VALUE))`. */
  readonly definition: string;
  readonly ofSchema: string;
  readonly ofDomain: string;
}

/** Every such check of the domains of columns, or inside of their types, of tables with rows of their own; the small tables come first. */
export function readDoubtfulDomainChecks(version: ServerVersion): Statement<DoubtfulDomainCheck> {
  return sql(`
    WITH RECURSIVE ${insideOf(version)}
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", a.attname::text AS "column", format_type(a.atttypid, NULL) AS "type", o.conname::text AS "constraint",
           pg_get_constraintdef(o.oid) AS "definition", tn.nspname::text AS "ofSchema", t.typname::text AS "ofDomain"
      FROM inside i JOIN pg_constraint o ON o.contypid = i.part AND o.contype = 'c' AND o.convalidated
      JOIN pg_type t ON t.oid = o.contypid JOIN pg_namespace tn ON tn.oid = t.typnamespace
      JOIN pg_attribute a ON a.atttypid = i.whole AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND ${MAY_CHANGE}
       AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
     ORDER BY c.relpages, 1, 2, a.attnum, 5`);
}

/** Reads the column's values as a load does, from their texts: fails with 23514 at the first that breaks a check of its domain. */
export function readAsLoaded({
  schema,
  name,
  column,
  type,
}: Pick<DoubtfulDomainCheck, 'schema' | 'name' | 'column' | 'type'>): Statement<{breaks: boolean}> {
  return sql(
    `SELECT count(CAST(CAST(${quoteIdentifier(column)} AS text) AS ${type})) < 0 AS "breaks" FROM ONLY ${quoteRelation({schema, name})}`,
  );
}

/** A generated column that calls a function which somebody wrote: what is stored was computed with what it was then, and the target computes it anew. */
export interface DoubtfulColumn extends RelationName {
  readonly column: string;
  /** What it is generated from: `public.priced(n)`. */
  readonly expression: string;
  /** A column that it is generated from: only who changes one of these has it computed anew. */
  readonly base: string;
}

/** Every such column of tables with rows of their own; the small tables come first. */
export function readDoubtfulColumns(version: ServerVersion): Statement<DoubtfulColumn> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", a.attname::text AS "column", pg_get_expr(d.adbin, d.adrelid) AS "expression", b.attname::text AS "base"
      FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
      JOIN pg_class c ON c.oid = d.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute b ON b.attrelid = d.adrelid AND b.attnum = (
        SELECT min(x.refobjsubid) FROM pg_depend x WHERE x.classid = 'pg_attrdef'::regclass AND x.objid = d.oid
           AND x.refclassid = 'pg_class'::regclass AND x.refobjid = d.adrelid AND x.refobjsubid NOT IN (0, d.adnum))
     WHERE ${pick('isGenerated', version)} AND c.relkind = 'r' AND c.relpersistence = 'p'
       AND EXISTS (SELECT FROM regexp_matches(d.adbin::text, ':(?:funcid|opfuncid) ([0-9]+)', 'g') AS called (ids) WHERE called.ids[1]::oid >= 16384)
       AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
     ORDER BY c.relpages, 1, 2, 3`);
}

/** Whether a row of the table has another value in this column than it would have today. */
export function readIsStale(doubtful: Omit<DoubtfulColumn, 'base'>): Statement<{breaks: boolean}> {
  return sql(`SELECT EXISTS (SELECT FROM ONLY ${quoteRelation(doubtful)} WHERE ${isStale(doubtful)}) AS "breaks"`);
}

/** The values compared as they are written: a type may have no equality. Pure. */
export function isStale({column, expression}: Pick<DoubtfulColumn, 'column' | 'expression'>): string {
  return `(${quoteIdentifier(column)})::text IS DISTINCT FROM (${expression})::text`;
}

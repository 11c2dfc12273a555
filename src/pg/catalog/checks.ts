import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** A check constraint of a table, or from 18 on a NOT NULL that is NOT VALID. `definition` ends with NOT VALID where it was never validated. */
export interface CheckRow {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly definition: string;
  readonly validated: boolean;
  /** What has to be true of a row, as SQL; null for a NOT NULL. */
  readonly condition: string | null;
  /** Whether a parent has it, too: it comes and goes with that one's. */
  readonly inherited: boolean;
}

/** Every check constraint of a user's table, but for those that a child only has from its parent; parents' first. */
export function readChecks(version: ServerVersion): Statement<CheckRow> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "table", o.conname::text AS "name", pg_get_constraintdef(o.oid) AS "definition",
           o.convalidated AS "validated", pg_get_expr(o.conbin, o.conrelid) AS "condition", o.coninhcount > 0 AS "inherited"
      FROM pg_constraint o
      JOIN pg_class c ON c.oid = o.conrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE (o.contype = 'c' OR ${pick('constraintIsOpenNotNull', version)}) AND o.conislocal AND c.relkind IN ('r', 'p')
       AND c.relpersistence IN ('p', 'u') AND n.nspname !~ '^pg_'
       AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
     ORDER BY o.coninhcount > 0, n.nspname, c.relname, o.conname`);
}

/** A check of a domain that was never validated: rows that break it may be there, and cannot be loaded again under it. */
export interface DomainCheckRow {
  readonly schema: string;
  readonly domain: string;
  readonly name: string;
}

/** Every check of a domain that is NOT VALID. */
export function readLooseDomainChecks(): Statement<DomainCheckRow> {
  return sql(`
    SELECT n.nspname::text AS "schema", t.typname::text AS "domain", o.conname::text AS "name"
      FROM pg_constraint o
      JOIN pg_type t ON t.oid = o.contypid
      JOIN pg_namespace n ON n.oid = t.typnamespace
     WHERE o.contype = 'c' AND NOT o.convalidated AND n.nspname !~ '^pg_'
       AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')
     ORDER BY 1, 2, 3`);
}

/** Takes a check off a domain; build-indexes restores it as it was dumped. */
export function dropDomainCheck({schema, domain, name}: DomainCheckRow): Statement {
  return sql(
    `ALTER DOMAIN ${quoteIdentifier(schema)}.${quoteIdentifier(domain)} DROP CONSTRAINT IF EXISTS ${quoteIdentifier(name)}`,
  );
}

/** What a table says of its rows in the WAL: d (default), f (full), n (nothing), i (an index, which says so itself). */
export interface TableMarkRow {
  readonly schema: string;
  readonly table: string;
  readonly replicaIdentity: 'd' | 'f' | 'n' | 'i';
}

/** The replica identity of every user's table. An index that is gone is none. */
export function readTableMarks(): Statement<TableMarkRow> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "table",
           CASE WHEN c.relreplident = 'i' AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident) THEN 'n'
                ELSE c.relreplident::text END AS "replicaIdentity"
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND c.relpersistence IN ('p', 'u') AND n.nspname !~ '^pg_'
       AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
     ORDER BY n.nspname, c.relname`);
}

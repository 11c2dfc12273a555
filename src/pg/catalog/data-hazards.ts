import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** Something about the data that the procedure, the target or CDC does not carry as it is. */
export type Hazard =
  | 'foreign table'
  | 'inheritance'
  | 'partition'
  | 'hash of oids'
  | 'numeric or char'
  | 'deferrable or exclusion'
  | 'replica identity'
  | 'identity column'
  | 'generated column'
  | 'with oids'
  | 'type gone'
  | 'invalid index';

/** Where it was seen; `detail` names the column, constraint or index. */
export interface HazardRow {
  readonly hazard: Hazard;
  readonly schema: string;
  readonly name: string;
  readonly detail: string;
}

const USER = `n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')`;
const TABLES = 'pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace';
const COLUMNS = `pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace`;
const LIVE = `c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped`;

/**
 * Foreign tables (their rows lie elsewhere), inheritance and partitions, those by a hash of oids (which are others on the target), numeric without precision and char(n) (DMS changes them), deferrable
 * and exclusion constraints (a parallel apply may trip over them), replica identities other than the default, identity and generated columns,
 * tables WITH OIDS and columns of types that 12 no longer has, invalid indexes (left by a failed CREATE INDEX CONCURRENTLY).
 */
export function readDataHazards(version: ServerVersion): Statement<HazardRow> {
  const hazards: readonly (readonly [hazard: Hazard, detail: string, from: string])[] = [
    ['foreign table', "''", `${TABLES} WHERE c.relkind = 'f'`],
    [
      'inheritance',
      "''",
      `pg_inherits i JOIN ${TABLES} ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent WHERE c.relkind = 'r' AND p.relkind = 'r'`,
    ],
    ['partition', "''", `${TABLES} WHERE c.relkind = 'r' AND ${pick('isPartition', version)}`],
    [
      'hash of oids',
      'i.inhparent::regclass::text',
      `pg_inherits i JOIN ${TABLES} ON c.oid = i.inhrelid WHERE ${pick('parentHashesOids', version)}`,
    ],
    [
      'numeric or char',
      "a.attname || ' ' || format_type(a.atttypid, a.atttypmod)",
      `${COLUMNS} WHERE ${LIVE} AND (a.atttypid = 'numeric'::regtype AND a.atttypmod = -1 OR a.atttypid = 'bpchar'::regtype)`,
    ],
    [
      'deferrable or exclusion',
      'o.conname::text',
      `pg_constraint o JOIN ${TABLES} ON c.oid = o.conrelid WHERE (o.contype = 'x' OR o.condeferrable AND o.contype IN ('p', 'u', 'f'))`,
    ],
    [
      'replica identity',
      "CASE c.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING' ELSE 'an index' END",
      `${TABLES} WHERE c.relkind = 'r' AND c.relreplident <> 'd'`,
    ],
    ['identity column', 'a.attname::text', `${COLUMNS} WHERE ${LIVE} AND ${pick('isIdentity', version)}`],
    ['generated column', 'a.attname::text', `${COLUMNS} WHERE ${LIVE} AND ${pick('isGenerated', version)}`],
    ['with oids', "''", `${TABLES} WHERE c.relkind = 'r' AND ${pick('hasOids', version)}`],
    [
      'type gone',
      "a.attname || ' ' || format_type(a.atttypid, a.atttypmod)",
      `${COLUMNS} WHERE ${LIVE} AND a.atttypid IN (SELECT t.oid FROM pg_type t JOIN pg_namespace tn ON tn.oid = t.typnamespace
          WHERE tn.nspname = 'pg_catalog' AND t.typname IN ('abstime', 'reltime', 'tinterval', 'unknown'))`,
    ],
    [
      'invalid index',
      'x.relname::text',
      `pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN ${TABLES} ON c.oid = i.indrelid WHERE c.relkind = 'r' AND NOT i.indisvalid`,
    ],
  ];
  const queries = hazards.map(
    ([hazard, detail, from]) => `
    SELECT '${hazard}'::text AS "hazard", n.nspname::text AS "schema", c.relname::text AS "name", ${detail} AS "detail" FROM ${from} AND ${USER}`,
  );
  return sql(`${queries.join(' UNION ALL')}
    ORDER BY 1, 2, 3, 4`);
}

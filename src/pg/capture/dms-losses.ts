import type {RelationName} from '../../domain/pg/relation.ts';
import {sql, type Statement} from '../session/statement.ts';

/** What DMS by its own documentation changes or drops, without a word in its table of exceptions. */
export type Loss =
  | 'type not migrated'
  | 'numeric without precision'
  | 'numeric above 38 digits'
  | 'text without a limit'
  | 'infinite times'
  | 'lob not null'
  | 'array'
  | 'no primary key';

/** A column, or a table with an empty column, that a loss can happen to; `type` as format_type() gives it. */
export interface LossRow extends RelationName {
  readonly loss: Loss;
  readonly column: string;
  readonly type: string;
}

/** Built-in types that DMS says it does not migrate between two PostgreSQL, beside enums, composites and ranges. */
export const NOT_MIGRATED: readonly string[] = [
  'box',
  'circle',
  'inet',
  'line',
  'lseg',
  'macaddr',
  'macaddr8',
  'oid',
  'path',
  'tsquery',
  'tsvector',
];

const COLUMNS = `pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_type d ON d.oid = a.atttypid JOIN pg_type t ON t.oid = CASE WHEN d.typtype = 'd' THEN d.typbasetype ELSE d.oid END`;
const LIVE = `c.relkind = 'r' AND c.relpersistence = 'p' AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul', 'longhaul_cdc')`;
const LOB = `(t.typname IN ('text', 'json', 'jsonb', 'xml', 'bytea', 'hstore', 'tsvector') OR t.typname = 'varchar' AND a.atttypmod = -1 OR t.typcategory = 'A')`;

/**
 * The columns, and tables, that DMS by its documentation changes or drops as it applies changes. Which values are hit only the data says.
 * Source: https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Source.PostgreSQL.html, "Limitations" and "Data type"; facts/dms.md, its last paragraph
 */
export function readLosses(): Statement<LossRow> {
  const losses: readonly (readonly [loss: Loss, where: string])[] = [
    ['type not migrated', `(t.typtype IN ('e', 'c', 'r', 'm') OR t.typname = ANY ($1))`],
    ['numeric without precision', `t.typname = 'numeric' AND a.atttypmod = -1`],
    ['numeric above 38 digits', `t.typname = 'numeric' AND a.atttypmod <> -1 AND ((a.atttypmod - 4) >> 16) > 38`],
    ['text without a limit', `t.typname = 'bpchar' AND a.atttypmod = -1`],
    ['infinite times', `t.typname IN ('date', 'timestamp', 'timestamptz')`],
    ['lob not null', `a.attnotnull AND ${LOB}`],
    ['array', `t.typcategory = 'A'`],
  ];
  const columns = losses.map(
    ([loss, where]) =>
      `SELECT '${loss}'::text AS "loss", n.nspname::text AS "schema", c.relname::text AS "name", a.attname::text AS "column",
              format_type(a.atttypid, a.atttypmod) AS "type" FROM ${COLUMNS} WHERE ${LIVE} AND ${where}`,
  );
  const tables = `SELECT 'no primary key'::text, n.nspname::text, c.relname::text, ''::text, ''::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${LIVE.replace('AND a.attnum > 0 AND NOT a.attisdropped ', '')} AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)`;
  return sql(`${[...columns, tables].join('\nUNION ALL ')} ORDER BY 1, 2, 3, 4`, [NOT_MIGRATED]);
}

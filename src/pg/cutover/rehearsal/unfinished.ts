import type {RelationName} from '../../../domain/pg/relation.ts';
import {sql, type Statement} from '../../session/statement.ts';

/** A constraint that says nothing of the rows that were there before it, or an index that no query uses. */
export interface UnfinishedRow extends RelationName {
  readonly kind: 'constraint' | 'index';
  /** The constraint's table, or the index's. */
  readonly table: string;
  /** f or c of a constraint; null of an index. */
  readonly type: 'f' | 'c' | null;
}

/** Constraints that are NOT VALID, and indexes that are invalid, of the tables of users. Not NULL constraints of 18 among them. */
export function readUnfinished(): Statement<UnfinishedRow> {
  return sql(
    `SELECT 'constraint' AS "kind", n.nspname::text AS "schema", o.conname::text AS "name", c.relname::text AS "table", CASE WHEN o.contype = 'f' THEN 'f' ELSE 'c' END AS "type"
       FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT o.convalidated AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'longhaul')
     UNION ALL
     SELECT 'index', n.nspname::text, x.relname::text, c.relname::text, NULL
       FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT (i.indisvalid AND i.indisready AND i.indislive) AND x.relkind = 'i' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'longhaul')
     ORDER BY 1, 2, 4, 3`,
  );
}

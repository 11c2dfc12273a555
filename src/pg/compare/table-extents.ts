import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** How a table is now, for who cuts it and for who comes back to it. */
export interface Extent extends RelationName {
  readonly pages: number;
  /** The same as long as nobody has written to it and nothing has replaced it, as far as the statistics tell: `16423 1200 0 3`; empty where they tell nothing. */
  readonly mark: string;
}

/** The extent of these tables, a row a table that is there. */
export function readExtents(version: ServerVersion, tables: readonly RelationName[]): Statement<Extent> {
  return sql(
    `
    SELECT n.nspname::text AS "schema", c.relname::text AS "name",
           (pg_relation_size(c.oid) / current_setting('block_size')::int)::int AS "pages",
           CASE WHEN current_setting('track_counts')::boolean
                THEN concat_ws(' ', pg_relation_filenode(c.oid), pg_stat_get_tuples_inserted(c.oid), pg_stat_get_tuples_updated(c.oid),
                               pg_stat_get_tuples_deleted(c.oid))
                ELSE '' END AS "mark"
      FROM unnest($1::text[]) AS t(name)
      JOIN pg_class c ON c.oid = ${pick('tableNamed', version)}
      JOIN pg_namespace n ON n.oid = c.relnamespace`,
    [tables.map((table) => quoteRelation(table))],
  );
}

import {sql, type Statement} from '../session/statement.ts';

/** How many relations a schema has, by what a dump or a restore of them locks. */
export interface SchemaSize {
  readonly schema: string;
  /** Tables and views, each of which a dump of the schema locks. */
  readonly read: number;
  /** Everything that is created with them: sequences, types of rows, TOAST tables with their indexes. */
  readonly created: number;
}

/** The number of relations by schema; extensions' own among them, which are few. */
export function countRelations(): Statement<SchemaSize> {
  return sql(`
    SELECT n.nspname::text AS "schema",
           count(*) FILTER (WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')) AS "read",
           count(*) + 2 * count(*) FILTER (WHERE c.reltoastrelid <> 0) AS "created"
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND c.relpersistence <> 't'
       AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
     GROUP BY 1 ORDER BY 1`);
}

import {sql, type Statement} from '../session/statement.ts';

/** What lies outside of the database's default tablespace. */
export interface TablespaceRow {
  readonly tablespace: string;
  readonly objects: number;
}

/** Tables, indexes and materialized views by the tablespace that they were put into, where that is not the database's own. */
export function readTablespaces(): Statement<TablespaceRow> {
  return sql(`
    SELECT t.spcname::text AS "tablespace", count(*) AS "objects"
      FROM pg_class c JOIN pg_tablespace t ON t.oid = c.reltablespace JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'i', 'I', 'm') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     GROUP BY 1 ORDER BY 1`);
}

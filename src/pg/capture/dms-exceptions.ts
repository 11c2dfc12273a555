import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {sql, type Statement} from '../session/statement.ts';

/** The table in which DMS notes what it could not apply, in whichever schema its control tables are; no row before it has made it. */
export function findExceptions(): Statement<RelationName> {
  return sql(`SELECT n.nspname::text AS "schema", c.relname::text AS "name" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname = 'awsdms_apply_exceptions' AND c.relkind = 'r' AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1`);
}

/** What DMS could not apply to a table. */
export interface ApplyExceptions extends RelationName {
  readonly count: number;
  /** The newest, at most 500 characters of it. */
  readonly error: string;
}

/**
 * What DMS could not apply, table by table. Its columns are in upper or lower case, by its version.
 * Source: https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TaskSettings.ControlTable.html
 */
export function readExceptions(table: RelationName): Statement<ApplyExceptions> {
  return sql(`
    SELECT e.r->>'table_owner' AS "schema", e.r->>'table_name' AS "name", count(*) AS "count",
           left((array_agg(e.r->>'error' ORDER BY e.r->>'error_time' DESC))[1], 500) AS "error"
      FROM (SELECT (SELECT json_object_agg(lower(j.key), j.value) FROM json_each(row_to_json(t)) AS j) AS r FROM ${quoteRelation(table)} AS t) AS e
     GROUP BY 1, 2 ORDER BY 1, 2`);
}

import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {sql, type Statement} from '../session/statement.ts';

/** A table or sequence of an extension that holds what its users have configured: pg_partman's part_config, pg_cron's job. */
export interface ExtensionTableRow extends RelationName {
  readonly extension: string;
  readonly sequence: boolean;
  /** Which of its rows are the users' and not the extension's own: `WHERE NOT built_in`; empty for all of them. */
  readonly condition: string;
}

/** Every configuration table of the database, as the extensions have declared them by pg_extension_config_dump(). pg_dump carries their rows. */
export function readExtensionTables(): Statement<ExtensionTableRow> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", e.extname::text AS "extension", c.relkind = 'S' AS "sequence",
           coalesce(e.extcondition[k.position], '') AS "condition"
      FROM pg_extension e
      CROSS JOIN LATERAL unnest(e.extconfig) WITH ORDINALITY AS k(oid, position)
      JOIN pg_class c ON c.oid = k.oid
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE e.extname NOT IN ('pglogical', 'pglogical_origin')
     ORDER BY n.nspname, c.relname`);
}

/** Takes the users' rows out of a configuration table; the extension's own stay. */
export function emptyExtensionTable(table: ExtensionTableRow): Statement {
  return sql(`DELETE FROM ONLY ${quoteRelation(table)}${table.condition === '' ? '' : ` ${table.condition}`}`);
}

/** Whether a configuration table holds a row of its users. */
export function extensionTableHasRows(table: ExtensionTableRow): Statement<{filled: boolean}> {
  return sql(`SELECT EXISTS (SELECT FROM ONLY ${quoteRelation(table)} ${table.condition}) AS "filled"`);
}

import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import {sql, type Statement} from '../session/statement.ts';

/** The schemas that somebody made, and public. */
export function readSchemas(): Statement<{schema: string}> {
  return sql(`
    SELECT n.nspname::text AS "schema"
      FROM pg_namespace n
     WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')
     ORDER BY 1`);
}

/** Whether the database has a schema of this name. */
export function schemaExists(schema: string): Statement<{exists: boolean}> {
  return sql('SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1) AS "exists"', [schema]);
}

/** Creates a schema where there is none of the name. */
export function createSchema(schema: string): Statement {
  return sql(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`);
}

import {quoteIdentifier} from '../domain/identifier.ts';
import {sql, type Statement} from './statement.ts';

/** Who owns what kind of thing, for giving ownership away on the target: a new owner must be allowed to create there. */
export interface OwnerRow {
  readonly owner: string;
  readonly schema: string;
  /** The schema's own owner may create in it anyway. */
  readonly ownsSchema: boolean;
}

/** Every pair of an owner and a schema in which it owns something, and the owners of schemas themselves. */
export function readOwners(): Statement<OwnerRow> {
  return sql(`
    SELECT DISTINCT r.rolname::text AS "owner", n.nspname::text AS "schema", n.nspowner = o.owner AS "ownsSchema"
      FROM (SELECT relowner AS owner, relnamespace AS schema FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
            UNION SELECT proowner, pronamespace FROM pg_proc
            UNION SELECT typowner, typnamespace FROM pg_type
            UNION SELECT nspowner, oid FROM pg_namespace) o
      JOIN pg_roles r ON r.oid = o.owner
      JOIN pg_namespace n ON n.oid = o.schema
     WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
     ORDER BY 1, 2`);
}

/** Lets a role create in the database; it may then be given a schema. */
export function grantCreateOnDatabase(database: string, role: string): Statement {
  return sql(`GRANT CREATE ON DATABASE ${quoteIdentifier(database)} TO ${quoteIdentifier(role)}`);
}

/** Takes that back. */
export function revokeCreateOnDatabase(database: string, role: string): Statement {
  return sql(`REVOKE CREATE ON DATABASE ${quoteIdentifier(database)} FROM ${quoteIdentifier(role)}`);
}

/** Lets a role create in a schema; it may then be given what is in there. */
export function grantCreateOnSchema(schema: string, role: string): Statement {
  return sql(`GRANT CREATE ON SCHEMA ${quoteIdentifier(schema)} TO ${quoteIdentifier(role)}`);
}

/** Takes that back. */
export function revokeCreateOnSchema(schema: string, role: string): Statement {
  return sql(`REVOKE CREATE ON SCHEMA ${quoteIdentifier(schema)} FROM ${quoteIdentifier(role)}`);
}

/** Which of the roles may create in this database already: of their own right, not as members of others. */
export function readCreators(): Statement<{role: string}> {
  return sql(`
    SELECT r.rolname::text AS "role"
      FROM pg_database d
      CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
      JOIN pg_roles r ON r.oid = a.grantee
     WHERE d.datname = current_database() AND a.privilege_type = 'CREATE'`);
}

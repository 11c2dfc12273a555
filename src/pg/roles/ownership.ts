import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import {sql, type Statement} from '../session/statement.ts';

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

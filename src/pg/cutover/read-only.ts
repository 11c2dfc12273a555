import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import {sql, type Statement} from '../session/statement.ts';

const SETTING = 'default_transaction_read_only';

/** The connected database, and what it sets default_transaction_read_only to for everybody: `on`; null where it sets nothing. */
export function readReadOnlySetting(): Statement<{database: string; before: string | null}> {
  return sql(
    `SELECT current_database()::text AS "database",
            (SELECT substr(c.one, length('${SETTING}=') + 1) FROM pg_db_role_setting s, unnest(s.setconfig) AS c(one)
              WHERE s.setdatabase = d.oid AND s.setrole = 0 AND c.one LIKE '${SETTING}=%') AS "before"
       FROM pg_database d WHERE d.datname = current_database()`,
  );
}

/**
 * Has every new session of the database begin read-only: sessions that there are keep what they have. A session may allow itself to write again, and a role with a setting of its own
 * is not bound by it. Needs the owner. Source: https://www.postgresql.org/docs/current/sql-alterdatabase.html
 */
export function refuseWrites(database: string): Statement {
  return sql(`ALTER DATABASE ${quoteIdentifier(database)} SET ${SETTING} = on`);
}

/** Puts the setting back to what it was. */
export function putBackReadOnly(database: string, before: string | null): Statement {
  const name = quoteIdentifier(database);
  if (before === null) return sql(`ALTER DATABASE ${name} RESET ${SETTING}`);
  return sql(`ALTER DATABASE ${name} SET ${SETTING} = ${before === 'on' || before === 'true' ? 'on' : 'off'}`);
}

/** Roles that write although the database does not, because they, or they in this database, have a setting of their own: `{role: 'batch'}`. */
export function readRolesThatWrite(): Statement<{role: string}> {
  return sql(
    `SELECT DISTINCT r.rolname::text AS "role"
       FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) AS c(one)
      WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        AND c.one ~* '^${SETTING}=(off|false|no|0)$' ORDER BY 1`,
  );
}

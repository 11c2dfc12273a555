import {sql, type Statement} from '../../session/statement.ts';

/** How a role's password is kept: `none` where it has no password. */
export type PasswordKind = 'md5' | 'scram-sha-256' | 'none' | 'plain';

/** Whether our role may read how passwords are kept, as superusers may; on managed servers nobody may. */
export function readMayReadPasswords(): Statement<{may: boolean}> {
  return sql(`SELECT has_table_privilege('pg_catalog.pg_authid', 'SELECT') AS "may"`);
}

/** How the passwords of the roles that somebody made are kept; no password leaves the server. Only for who may read pg_authid. */
export function readPasswordKinds(): Statement<{role: string; kind: PasswordKind}> {
  return sql(
    `SELECT a.rolname::text AS "role", CASE WHEN a.rolpassword IS NULL THEN 'none' WHEN a.rolpassword LIKE 'SCRAM-SHA-256$%' THEN 'scram-sha-256'
                                            WHEN a.rolpassword LIKE 'md5%' THEN 'md5' ELSE 'plain' END AS "kind"
       FROM pg_catalog.pg_authid a WHERE a.rolcanlogin AND a.oid >= 16384 ORDER BY 1`,
  );
}

/** How many sessions a role has in the connected database now, and how many all have. */
export function readSessionsByRole(): Statement<{role: string; sessions: number}> {
  return sql(
    `SELECT a.usename::text AS "role", count(*)::int AS "sessions" FROM pg_stat_activity a
      WHERE a.datname = current_database() AND a.usename IS NOT NULL GROUP BY 1 ORDER BY 1`,
  );
}

/** Whether a role connects to this database by a grant that is its own or of a role that it is a member of, and not by PUBLIC's alone. */
export function readConnectByName(role: string): Statement<{database: string; connects: boolean; byName: boolean}> {
  return sql(
    `SELECT d.datname::text AS "database", has_database_privilege(r.oid, d.oid, 'CONNECT') AS "connects",
            r.rolsuper OR pg_has_role(r.oid, d.datdba, 'USAGE') OR EXISTS (SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
              WHERE a.grantee <> 0 AND a.privilege_type = 'CONNECT' AND pg_has_role(r.oid, a.grantee, 'USAGE')) AS "byName"
       FROM pg_database d, pg_roles r WHERE d.datname = current_database() AND r.rolname = $1`,
    [role],
  );
}

/** What a login sees of the server that it has come to. */
export interface LoginSeen {
  readonly role: string;
  readonly database: string;
  /** What tells one server from another: when it started, and the database's number. */
  readonly server: string;
  readonly searchPath: string;
  /** Schemas of it that are there and that the role may use. */
  readonly schemas: readonly string[];
  readonly tls: boolean;
  readonly inRecovery: boolean;
}

/** What tells one server's database from another's. */
export function readServerMark(): Statement<{server: string}> {
  return sql(`SELECT ${MARK} AS "server"`);
}

const MARK = `extract(epoch FROM pg_postmaster_start_time())::text || ' ' || (SELECT d.oid::text FROM pg_database d WHERE d.datname = current_database())`;

/** What a login sees. Asked of a target alone: pg_stat_ssl came with 9.5. */
export function readLogin(): Statement<LoginSeen> {
  return sql(
    `SELECT current_user::text AS "role", current_database()::text AS "database", ${MARK} AS "server", current_setting('search_path') AS "searchPath",
            current_schemas(false)::text[] AS "schemas", coalesce((SELECT s.ssl FROM pg_stat_ssl s WHERE s.pid = pg_backend_pid()), false) AS "tls", pg_is_in_recovery() AS "inRecovery"`,
  );
}

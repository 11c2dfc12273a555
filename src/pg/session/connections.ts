import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from './statement.ts';
import {pick} from './versions.ts';

/** What limits how often the role may connect to the database, and how much of that others use. -1 is without a limit. */
export interface ConnectionsRow {
  readonly role: string;
  readonly database: string;
  /** A superuser is held by neither of the two limits. */
  readonly superuser: boolean;
  readonly roleLimit: number;
  readonly databaseLimit: number;
  /** max_connections, less what is reserved for others than this role. */
  readonly serverLimit: number;
  readonly byRole: number;
  readonly inDatabase: number;
  readonly onServer: number;
}

/** Limits of role, database and server. Sessions whose application_name begins with `own` are not counted. */
export function readConnections(version: ServerVersion, own: string): Statement<ConnectionsRow> {
  const others = `FROM pg_stat_activity a WHERE coalesce(left(a.application_name, length($1)) <> $1, true) AND ${pick('isClientSession', version)}`;
  return sql(
    `
    SELECT r.rolname::text AS "role", d.datname::text AS "database", r.rolsuper AS "superuser", r.rolconnlimit AS "roleLimit", d.datconnlimit AS "databaseLimit",
           (SELECT sum(CASE name WHEN 'max_connections' THEN setting::int WHEN 'superuser_reserved_connections' THEN CASE WHEN r.rolsuper THEN 0 ELSE -setting::int END
                                 ELSE -setting::int END)
              FROM pg_settings WHERE name IN ('max_connections', 'superuser_reserved_connections', 'reserved_connections'))::int AS "serverLimit",
           (SELECT count(*) ${others} AND a.usesysid = r.oid)::int AS "byRole", (SELECT count(*) ${others} AND a.datid = d.oid)::int AS "inDatabase",
           (SELECT count(*) ${others})::int AS "onServer"
      FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()`,
    [own],
  );
}

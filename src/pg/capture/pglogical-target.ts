import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** What the target is to pglogical's subscriptions, and what the role that asks may do there. */
export interface PglogicalTarget {
  readonly role: string;
  readonly superuser: boolean;
  readonly database: string;
  /** Version of the extension in this database; null where it is not there. */
  readonly installed: string | null;
  /** Whether it may set and read where a subscription begins. */
  readonly mayAdvance: boolean;
  /** Whether it sees others' sessions, and so the workers. */
  readonly maySee: boolean;
  /** Whether it may have a change that does not fit raise an error. */
  readonly mayBeStrict: boolean;
  /** Databases of this server, each of which pglogical may have a worker in. */
  readonly databases: number;
}

/** Reads it; also where the extension is not there. */
export function readPglogicalTarget(version: ServerVersion): Statement<PglogicalTarget> {
  return sql(`
    SELECT r.rolname::text AS "role", r.rolsuper AS "superuser", current_database()::text AS "database",
           (SELECT e.extversion FROM pg_extension e WHERE e.extname = 'pglogical') AS "installed",
           ${pick('mayAdvanceOrigin', version)} AS "mayAdvance",
           r.rolsuper OR ${pick('seesSessions', version)} AS "maySee",
           r.rolsuper OR ${pick('maySetConflictLevel', version)} AS "mayBeStrict",
           (SELECT count(*) FROM pg_database d WHERE d.datallowconn)::int AS "databases"
      FROM pg_roles r WHERE r.rolname = current_user`);
}

/** A setting that pglogical's workers begin with in this database. */
export interface WorkerSetting {
  readonly name: string;
  readonly value: string;
}

/**
 * What the workers of this database begin with: they are the first superuser's, whose own settings they have, and the database's. What the server has for everybody is
 * seen where nothing of our own role's is in front of it.
 */
export function readWorkerSettings(names: readonly string[]): Statement<WorkerSetting> {
  return sql(
    `WITH own AS (
       SELECT DISTINCT ON (1) split_part(c, '=', 1) AS name, substr(c, strpos(c, '=') + 1) AS value
         FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) AS c
        WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())) AND s.setrole IN (0, 10)
        ORDER BY 1, s.setrole DESC, s.setdatabase DESC)
     SELECT g.name, coalesce(own.value, CASE WHEN g.reset_val = '0' THEN '0' ELSE concat_ws(' ', g.reset_val, g.unit) END) AS "value"
       FROM pg_settings g LEFT JOIN own ON lower(own.name) = lower(g.name) WHERE g.name = ANY ($1)`,
    [names],
  );
}

import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import type {RelationName} from '../../domain/pg/relation.ts';
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
  /** Whether it may have a subscription pass over a table: pglogical has no function for it. */
  readonly mayPassOver: boolean;
  /** Databases of this server, each of which pglogical may have a worker in. */
  readonly databases: number;
}

/** What the states of tables need that a subscription has to wait with: in `local_sync_status`, where the extension is there. */
const MAY_PASS_OVER = `coalesce((
             SELECT has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE')
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'pglogical' AND c.relname = 'local_sync_status'), false)`;

/** Reads it; also where the extension is not there. */
export function readPglogicalTarget(version: ServerVersion): Statement<PglogicalTarget> {
  return sql(`
    SELECT r.rolname::text AS "role", r.rolsuper AS "superuser", current_database()::text AS "database",
           (SELECT e.extversion FROM pg_extension e WHERE e.extname = 'pglogical') AS "installed",
           ${pick('mayAdvanceOrigin', version)} AS "mayAdvance",
           r.rolsuper OR ${pick('seesSessions', version)} AS "maySee",
           r.rolsuper OR ${pick('maySetConflictLevel', version)} AS "mayBeStrict",
           ${MAY_PASS_OVER} AS "mayPassOver",
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

/** What a superuser types so that our role may have a subscription pass over a table. */
export function allowPassingOver(role: string): string {
  return `GRANT INSERT, UPDATE, DELETE ON pglogical.local_sync_status TO ${quoteIdentifier(role)}`;
}

/**
 * Has a subscription pass over a table's changes until it is told otherwise, as it does with one that is synchronized up to a position: `y` and one that is never reached, so that pglogical itself does nothing with it. A worker knows of it once
 * it has begun anew. Source: should_apply_changes_for_rel and process_syncing_tables in https://github.com/2ndQuadrant/pglogical/blob/REL2_x_STABLE/pglogical_apply.c
 */
export function passOver(subscription: string, {schema, name}: RelationName): Statement {
  return sql(
    `INSERT INTO pglogical.local_sync_status (sync_kind, sync_subid, sync_nspname, sync_relname, sync_status, sync_statuslsn)
     SELECT 'd', s.sub_id, $2, $3, 'y', 'FFFFFFFF/FFFFFFFF' FROM pglogical.subscription s WHERE s.sub_name::text = $1
         ON CONFLICT (sync_subid, sync_nspname, sync_relname) DO UPDATE SET sync_status = 'y', sync_statuslsn = 'FFFFFFFF/FFFFFFFF'`,
    [subscription, schema, name],
  );
}

/** Has it apply the table's changes from the next transaction on: its worker looks at each commit, as long as it passes over any. */
export function passOverNoMore(subscription: string, {schema, name}: RelationName): Statement {
  return sql(
    `DELETE FROM pglogical.local_sync_status y USING pglogical.subscription s
      WHERE s.sub_id = y.sync_subid AND s.sub_name::text = $1 AND y.sync_nspname::text = $2 AND y.sync_relname::text = $3`,
    [subscription, schema, name],
  );
}

/** The tables that these subscriptions pass over, by whoever has them do so. */
export function readPassedOver(subscriptions: readonly string[]): Statement<RelationName & {readonly slot: string}> {
  return sql(
    `SELECT s.sub_name::text AS "slot", y.sync_nspname::text AS "schema", y.sync_relname::text AS "name"
       FROM pglogical.local_sync_status y JOIN pglogical.subscription s ON s.sub_id = y.sync_subid
      WHERE s.sub_name::text = ANY ($1) AND y.sync_nspname IS NOT NULL AND y.sync_status <> 'r' ORDER BY 1, 2, 3`,
    [subscriptions],
  );
}

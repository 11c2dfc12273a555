import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import {sql, type Statement} from '../../session/statement.ts';
import {pick} from '../../session/versions.ts';

/** A connection that streams WAL from this server, with the slot that it reads. What our role may not see is null. */
export interface SenderSeen {
  readonly pid: number;
  readonly role: string | null;
  readonly applicationName: string;
  readonly address: string | null;
  /** Null where it reads without one, and before 9.5, where it is not told. */
  readonly slot: string | null;
}

/** Who streams WAL from this server. */
export function readSendersSeen(version: ServerVersion): Statement<SenderSeen> {
  return sql(
    `SELECT r.pid, r.usename::text AS "role", coalesce(r.application_name, '') AS "applicationName", host(r.client_addr) AS "address",
            (SELECT s.slot_name::text FROM pg_replication_slots s WHERE ${pick('slotActivePid', version)} = r.pid) AS "slot"
       FROM pg_stat_replication r ORDER BY 3, 1`,
  );
}

/** Sessions of other servers' foreign tables in the connected database, by who they are; postgres_fdw calls itself so where nobody has told it otherwise. */
export function readForeignSessions(): Statement<{role: string; address: string | null; sessions: number}> {
  return sql(
    `SELECT coalesce(a.usename, '?')::text AS "role", host(a.client_addr) AS "address", count(*)::int AS "sessions"
       FROM pg_stat_activity a WHERE a.datname = current_database() AND a.application_name LIKE 'postgres_fdw%' GROUP BY 1, 2 ORDER BY 1, 2`,
  );
}

/** A server that the database's foreign tables, or its functions by dblink, read. Options hold no password: those are a user mapping's. */
export interface ForeignServer {
  readonly name: string;
  readonly wrapper: string;
  /** `host=db2 dbname=stock`. */
  readonly options: string;
}

/** The foreign servers of the connected database. */
export function readForeignServers(): Statement<ForeignServer> {
  return sql(
    `SELECT s.srvname::text AS "name", w.fdwname::text AS "wrapper",
            coalesce((SELECT string_agg(o.one, ' ' ORDER BY o.one) FROM unnest(s.srvoptions) AS o(one) WHERE o.one ~ '^(host|hostaddr|port|dbname|service)='), '') AS "options"
       FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw ORDER BY 1`,
  );
}

/** Subscriptions of the connected database: what others publish is written here by them. None before 10. */
export function readOwnSubscriptions(version: ServerVersion): Statement<{name: string; enabled: boolean}> {
  return sql(
    `SELECT s.name AS "name", s.enabled AS "enabled" FROM (${pick('subscriptionsHere', version)}) s ORDER BY 1`,
  );
}

/** Background workers that run jobs of their own in this server: `pg_cron launcher`, `pgagent`. Told by their names. */
export function readJobRunners(version: ServerVersion): Statement<{name: string}> {
  return sql(
    `SELECT DISTINCT s.one AS "name" FROM (
       SELECT ${pick('backendKind', version)} AS one FROM pg_stat_activity a
       UNION ALL SELECT a.application_name FROM pg_stat_activity a WHERE a.application_name ILIKE 'pgagent%'
       UNION ALL SELECT trim(both ' "' FROM l.one) FROM unnest(string_to_array((SELECT p.setting FROM pg_settings p WHERE p.name = 'shared_preload_libraries'), ',')) AS l(one)
     ) s WHERE s.one ~* 'pgagent|pg_partman|pg_cron|pg_timetable' ORDER BY 1`,
  );
}

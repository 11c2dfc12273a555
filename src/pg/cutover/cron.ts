import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** Whether the connected database has the jobs of pg_cron, and what our role may do with them. */
export interface Scheduler {
  readonly here: boolean;
  /** Row security shows a role its own jobs alone, and it has none. */
  readonly mayRead: boolean;
  readonly mayChange: boolean;
  /** From pg_cron 1.3 on. */
  readonly hasNames: boolean;
  /** Where pg_cron keeps the jobs of all databases; null where it is not loaded. */
  readonly database: string | null;
  readonly own: string;
}

/** What is here of pg_cron. Source: https://github.com/citusdata/pg_cron */
export function readScheduler(version: ServerVersion): Statement<Scheduler> {
  return sql(
    `SELECT j.oid IS NOT NULL AS "here", coalesce(j.sees AND has_table_privilege(j.oid, 'SELECT'), false) AS "mayRead",
            coalesce(j.sees AND has_table_privilege(j.oid, 'UPDATE') AND has_table_privilege(j.oid, 'INSERT'), false) AS "mayChange",
            EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = j.oid AND a.attname = 'jobname' AND NOT a.attisdropped) AS "hasNames",
            (SELECT s.setting FROM pg_settings s WHERE s.name = 'cron.database_name') AS "database", current_database()::text AS "own"
       FROM (SELECT 1) AS always LEFT JOIN
            (SELECT c.oid, NOT ${pick('rowSecurity', version)} OR pg_has_role(c.relowner, 'USAGE') OR r.rolsuper OR ${pick('roleBypassRls', version)} AS sees
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, pg_roles r
              WHERE n.nspname = 'cron' AND c.relname = 'job' AND r.rolname = current_user) j ON true`,
  );
}

/** A job of pg_cron in the connected database. */
export interface CronJob {
  readonly id: number;
  readonly schedule: string;
  readonly command: string;
  readonly node: string;
  readonly port: number;
  readonly role: string;
  readonly active: boolean;
  readonly name: string | null;
}

/** The jobs that run in the connected database. */
export function readCronJobs(hasNames: boolean): Statement<CronJob> {
  return sql(
    `SELECT j.jobid AS "id", j.schedule AS "schedule", j.command AS "command", j.nodename AS "node", j.nodeport AS "port", j.username AS "role", j.active AS "active",
            ${hasNames ? 'j.jobname::text' : 'NULL::text'} AS "name" FROM cron.job j WHERE j.database = current_database() ORDER BY j.jobid`,
  );
}

/** Makes the job in the connected database, inactive. */
export function addCronJob({schedule, command, node, port, role, name}: CronJob, hasNames: boolean): Statement {
  const named = hasNames && name !== null;
  return sql(
    `INSERT INTO cron.job (schedule, command, nodename, nodeport, database, username, active${named ? ', jobname' : ''})
     VALUES ($1, $2, $3, $4::int, current_database(), $5, false${named ? ', $6' : ''})`,
    [schedule, command, node, String(port), role, ...(named ? [name] : [])],
  );
}

/** Has jobs run, or not. */
export function setCronJobs(ids: readonly number[], active: boolean): Statement {
  return sql(`UPDATE cron.job SET active = ${active} WHERE jobid = ANY ($1::bigint[]) AND active <> ${active}`, [
    ids.map(String),
  ]);
}

import {sql, type Statement} from '../session/statement.ts';

/** A backend of ours: `applicationName` is exact. `state` as in pg_stat_activity, null where it may not be read. */
export interface Backend {
  readonly pid: number;
  readonly applicationName: string;
  readonly state: string | null;
  /** Seconds since its transaction began; null without one. */
  readonly transactionSeconds: number | null;
  /** The xmin that it holds back, as text; null when it holds none. */
  readonly xmin: string | null;
}

/** The backends with one of these application names, but for the one that asks. */
export function readBackends(applicationNames: readonly string[]): Statement<Backend> {
  return sql(
    `
    SELECT pid, application_name AS "applicationName", state,
           extract(epoch FROM clock_timestamp() - xact_start)::float8 AS "transactionSeconds", backend_xmin::text AS "xmin"
      FROM pg_stat_activity
     WHERE application_name = ANY ($1) AND pid <> pg_backend_pid()`,
    [applicationNames],
  );
}

/** Has a backend end the statement that it is at; its session stays. */
export function cancelBackend(pid: number): Statement<{cancelled: boolean}> {
  return sql('SELECT pg_cancel_backend($1) AS "cancelled"', [pid]);
}

/** Ends the backends with one of these application names; their transactions roll back. Needs the same role, or pg_signal_backend. */
export function terminateBackends(applicationNames: readonly string[]): Statement<{pid: number; signalled: boolean}> {
  return sql(
    `
    SELECT pid, pg_terminate_backend(pid) AS "signalled"
      FROM pg_stat_activity
     WHERE application_name = ANY ($1) AND pid <> pg_backend_pid()`,
    [applicationNames],
  );
}

/** The backends whose application_name is like one of these patterns, in which only `%` is a wildcard. */
export function readBackendsLike(
  patterns: readonly string[],
): Statement<{pid: number; applicationName: string; state: string | null}> {
  return sql(
    `
    SELECT pid, application_name AS "applicationName", state
      FROM pg_stat_activity
     WHERE application_name LIKE ANY ($1) AND pid <> pg_backend_pid()`,
    [patterns.map((pattern) => literally(pattern))],
  );
}

/** A backend of ours, and a table that it holds or waits for; null where it has none in hand. */
export interface TableInHand {
  readonly pid: number;
  readonly applicationName: string;
  readonly state: string | null;
  readonly schema: string | null;
  readonly table: string | null;
}

/**
 * The tables that the backends with such names have locked or want to lock: what is built there by a session whose client is gone. Their parallel workers
 * are none of them. From 12 on.
 */
export function readTablesInHand(patterns: readonly string[]): Statement<TableInHand> {
  return sql(
    `
    SELECT a.pid, a.application_name AS "applicationName", a.state, t.schema, t.table
      FROM pg_stat_activity a
      LEFT JOIN (SELECT DISTINCT l.pid, n.nspname::text AS "schema", c.relname::text AS "table"
                   FROM pg_locks l
                   JOIN pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'm')
                   JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^pg_'
                  WHERE l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())) t ON t.pid = a.pid
     WHERE a.application_name LIKE ANY ($1) AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'`,
    [patterns.map((pattern) => literally(pattern))],
  );
}

/** The number of the backend that answers. */
export function readOwnPid(): Statement<{pid: number}> {
  return sql('SELECT pg_backend_pid() AS "pid"');
}

/** Ends these backends; their transactions roll back. */
export function terminateBackendsLike(patterns: readonly string[]): Statement<{pid: number; signalled: boolean}> {
  return sql(
    `
    SELECT pid, pg_terminate_backend(pid) AS "signalled"
      FROM pg_stat_activity
     WHERE application_name LIKE ANY ($1) AND pid <> pg_backend_pid()`,
    [patterns.map((pattern) => literally(pattern))],
  );
}

function literally(pattern: string): string {
  return pattern.replaceAll('_', String.raw`\_`);
}

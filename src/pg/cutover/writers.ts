import {sql, type Statement} from '../session/statement.ts';

/** Who writes, or may still, in the connected database. */
export interface Writer {
  /** 0 for a prepared transaction. */
  readonly pid: number;
  /** `client app of 10.0.0.7`, `prepared transaction 'x'`, `autovacuum`. */
  readonly who: string;
  /** How long its transaction is open; null where that may not be read. */
  readonly seconds: number | null;
}

/**
 * Everybody in the connected database that holds a transaction number, which nobody has that has not written, and its prepared transactions. Not told by the server's transaction
 * numbers: other databases take those, too. `ours` is what the names of this run's sessions begin with. Needs pg_monitor or a superuser to name others. It takes none itself.
 */
export function readOpenWriters(ours: string): Statement<Writer> {
  return sql(
    `SELECT l.pid, coalesce('session of ' || a.usename || coalesce(' from ' || host(a.client_addr), '') || coalesce(', ' || nullif(a.application_name, ''), ''),
                            'a server process') AS "who",
            extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS "seconds"
       FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
        AND a.datname = current_database() AND l.pid <> pg_backend_pid() AND left(coalesce(a.application_name, ''), length($1)) <> $1
     UNION ALL
     SELECT 0, 'prepared transaction ''' || p.gid || ''' of ' || p.owner, extract(epoch FROM clock_timestamp() - p.prepared)::float8 FROM pg_prepared_xacts p WHERE p.database = current_database()
     ORDER BY 1`,
    [ours],
  );
}

/** The next transaction number of the server: nobody wrote in any of its databases while it stays. */
export function readNextXid(): Statement<{nextXid: number}> {
  return sql('SELECT txid_snapshot_xmax(txid_current_snapshot()) AS "nextXid"');
}

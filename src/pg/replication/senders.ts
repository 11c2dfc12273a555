import type {ServerVersion} from '../../domain/pg/server-version.ts';
import type {Lsn} from '../../domain/pg/lsn.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** A connection that streams WAL from this server. What the role may not see is null (pg_monitor and superuser see all). */
export interface Sender {
  readonly pid: number;
  readonly applicationName: string;
  readonly state: string | null;
  readonly sentLsn: Lsn | null;
  /** What the other end has on its disk. */
  readonly flushLsn: Lsn | null;
  readonly unsentBytes: number | null;
}

/** Replication connections of a primary: standbys, and readers of logical slots. */
export function readSenders(version: ServerVersion): Statement<Sender> {
  return sql(`
    SELECT pid, coalesce(application_name, '') AS "applicationName", state,
           ${pick('senderSentLsn', version)} AS "sentLsn", ${pick('senderFlushLsn', version)} AS "flushLsn",
           (${pick('currentLsn', version)} - ${pick('senderSentLsn', version)})::bigint AS "unsentBytes"
      FROM pg_stat_replication
     ORDER BY 2, pid`);
}

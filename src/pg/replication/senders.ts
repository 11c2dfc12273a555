import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** A connection that streams WAL from this server. What the role may not see is null (pg_monitor and superuser see all). */
export interface Sender {
  readonly applicationName: string;
  readonly state: string | null;
  readonly unsentBytes: number | null;
}

/** Replication connections of a primary: standbys, and readers of logical slots. */
export function readSenders(version: ServerVersion): Statement<Sender> {
  return sql(`
    SELECT coalesce(application_name, '') AS "applicationName", state,
           (${pick('currentLsn', version)} - ${pick('senderSentLsn', version)})::bigint AS "unsentBytes"
      FROM pg_stat_replication
     ORDER BY 1, pid`);
}

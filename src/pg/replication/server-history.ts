import type {Lsn} from '../../domain/pg/lsn.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** Which server a primary is, and which history it writes. */
export interface ServerHistory {
  /** Null before 9.6, which does not tell it in SQL. */
  readonly systemIdentifier: string | null;
  readonly inRecovery: boolean;
  /** The timeline that it writes; null on a standby. */
  readonly timeline: number | null;
  readonly insertLsn: Lsn | null;
}

/** Of a primary the name of the WAL file that it writes begins with its timeline, also in the moment after a promotion, when the control file has the old one still. */
export function readServerHistory(version: ServerVersion): Statement<ServerHistory> {
  return sql(`
    SELECT ${pick('systemIdentifier', version)} AS "systemIdentifier", pg_is_in_recovery() AS "inRecovery",
           CASE WHEN NOT pg_is_in_recovery() THEN ('x' || substr(${pick('walFileName', version)}(${pick('insertLsn', version)}), 1, 8))::bit(32)::int END AS "timeline",
           CASE WHEN NOT pg_is_in_recovery() THEN ${pick('insertLsn', version)} END AS "insertLsn"`);
}

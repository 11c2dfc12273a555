import {quoteLiteral} from '../../domain/pg/identifier.ts';
import type {Lsn} from '../../domain/pg/lsn.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {maybe, pick} from '../session/versions.ts';

/** How far a standby has replayed. Its timeline is not among it: in SQL a standby only tells the last restartpoint's (see identify-system.ts). */
export interface ReplicaPosition {
  readonly inRecovery: boolean;
  readonly replayLsn: Lsn | null;
  readonly receiveLsn: Lsn | null;
  /** UTC with microseconds: `2026-11-23 22:10:03.123456`. */
  readonly postmasterStart: string;
  readonly clock: string;
  /**
   * Whether replay is paused. Up to 13 the server only says that the pause was *requested*, so one reading proves
   * nothing there: two equal positions more than a second apart do (facts/boundary.md).
   */
  readonly paused: boolean;
}

/** Reads how far the replica has replayed, everything in one statement, so that the parts belong together. */
export function readReplicaPosition(version: ServerVersion): Statement<ReplicaPosition> {
  return sql(`
    SELECT pg_is_in_recovery() AS "inRecovery",
           ${pick('replayLsn', version)} AS "replayLsn",
           ${pick('receiveLsn', version)} AS "receiveLsn",
           to_char(pg_postmaster_start_time() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS "postmasterStart",
           to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "clock",
           ${replayIsPaused(version)} AS "paused"`);
}

/** Outside of recovery the functions raise an error, hence the CASE. */
function replayIsPaused(version: ServerVersion): string {
  const state = maybe('replayPauseState', version);
  const paused = state === null ? pick('replayPauseRequested', version) : `${state} = 'paused'`;
  return `CASE WHEN pg_is_in_recovery() THEN ${paused} ELSE false END`;
}

/** Whether a WAL receiver streams to this standby; null before 9.6, which does not tell. Its receive position stays as it was when one dies. */
export function readReceiving(version: ServerVersion): Statement<{receiving: boolean | null}> {
  return sql(`SELECT ${pick('isReceiving', version)} AS "receiving"`);
}

/** Asks the replica to stop replaying WAL. Receiving goes on. It takes effect between two records, so wait for it. */
export function pauseReplay(version: ServerVersion): Statement {
  return sql(`SELECT ${pick('pauseReplay', version)}`);
}

/** Lets the replica replay again. P is gone for good from then on. */
export function resumeReplay(version: ServerVersion): Statement {
  return sql(`SELECT ${pick('resumeReplay', version)}`);
}

/**
 * What a lane's session on the replica runs around the data, as psql reads it: the fence, an error (22012) unless it is the expected one,
 * the data by `command` in a shell, the fence again. One session for all of it, because a crash recovery of the replica ends every backend:
 * a session that lives through the data has seen none. Its time-outs are off, for the data may take days.
 */
export function fenceScript(version: ServerVersion, expected: string, command: string): string {
  const text = fenceText(version);
  return [
    pick('fenceTimeouts', version),
    `SELECT ${text};`,
    `SELECT 1 / (CASE WHEN ${text} = ${quoteLiteral(expected)} THEN 1 ELSE 0 END) AS at_boundary \\gset`,
    String.raw`\! ${command}`,
    `SELECT ${text};`,
    '',
  ].join('\n');
}

/**
 * The fence as one line of text, `35FE3/B63D4718 t t 2026-11-23 22:10:03.123456`: replay position, whether in recovery, whether paused,
 * postmaster start. The text does not depend on the session's settings.
 */
function fenceText(version: ServerVersion): string {
  return (
    `concat_ws(' ', ${pick('replayLsn', version)}, pg_is_in_recovery(), ${replayIsPaused(version)},` +
    ` to_char(pg_postmaster_start_time() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'))`
  );
}

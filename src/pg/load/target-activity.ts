import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {maybe, pick} from '../session/versions.ts';

/** A COPY or an index build that runs now. */
export interface Progress {
  /** `COPY public.events: 1200 rows`; `index on public.users: building index 61 %`. */
  readonly what: string;
  /** The table's quoted name as regclass prints it; null for an index. */
  readonly relation: string | null;
  readonly rows: number | null;
  readonly application: string;
  /** Of an index build: `scanning table`; null for a COPY. */
  readonly phase: string | null;
  readonly blocksDone: number | null;
  readonly blocksTotal: number | null;
  readonly tuplesDone: number | null;
  readonly tuplesTotal: number | null;
}

/** What COPY (14+) and CREATE INDEX (12+) of this database report; null where the server reports neither. */
export function readProgress(version: ServerVersion): Statement<Progress> | null {
  const parts = [maybe('copyProgress', version), maybe('indexProgress', version)].filter((part) => part !== null);
  return parts.length === 0 ? null : sql(parts.join('\nUNION ALL\n'));
}

/** How many sessions of this database wait for a lock. Those of other roles are only seen with pg_read_all_stats or as superuser. */
export function readBlockedSessions(version: ServerVersion): Statement<{blocked: number}> {
  return sql(`
    SELECT count(*) AS "blocked" FROM pg_stat_activity
     WHERE datname = current_database() AND ${pick('waitsForLock', version)}`);
}

import type {Lsn} from '../../domain/pg/lsn.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {maybe, pick} from '../session/versions.ts';

/** A replication slot as pg_replication_slots shows it, the newer columns null where the server has none. Bytes are WAL bytes. */
export interface Slot {
  readonly name: string;
  readonly kind: 'logical' | 'physical';
  readonly plugin: string | null;
  readonly database: string | null;
  readonly active: boolean;
  readonly activePid: number | null;
  readonly restartLsn: Lsn | null;
  /** Null before 9.6 and for physical slots. */
  readonly confirmedFlushLsn: Lsn | null;
  /** From restart_lsn to the insert position. */
  readonly retainedBytes: number | null;
  readonly walStatus: string | null;
  readonly safeWalBytes: number | null;
  readonly invalidationReason: string | null;
}

/** All slots of the server, logical and physical. On a primary: the insert position does not exist in recovery. */
export function readSlots(version: ServerVersion): Statement<Slot> {
  return sql(`
    SELECT slot_name::text AS "name", slot_type AS "kind", plugin::text AS "plugin", database::text AS "database", active,
           ${pick('slotActivePid', version)} AS "activePid",
           restart_lsn AS "restartLsn",
           ${pick('slotConfirmedFlush', version)} AS "confirmedFlushLsn",
           (${pick('insertLsn', version)} - restart_lsn)::bigint AS "retainedBytes",
           ${pick('slotWalStatus', version)} AS "walStatus",
           ${pick('slotSafeWalSize', version)} AS "safeWalBytes",
           ${pick('slotInvalidation', version)} AS "invalidationReason"
      FROM pg_replication_slots
     ORDER BY slot_name`);
}

/** What a slot has decoded since it was made, or since the server counts. */
export interface Decoded {
  readonly name: string;
  readonly transactions: number;
  /** When somebody has set it to 0; null where nobody has since it was made. */
  readonly resetAt: string | null;
  /** Since when the server counts: a crash begins everything anew. */
  readonly countedSince: string | null;
}

/** What each slot has decoded. From 14 on: null before. */
export function readDecoded(version: ServerVersion): Statement<Decoded> | null {
  const view = maybe('slotTotals', version);
  if (view === null) return null;
  return sql(
    `SELECT s.slot_name::text AS "name", s.total_txns AS "transactions", s.stats_reset::text AS "resetAt",
            (SELECT b.stats_reset::text FROM pg_stat_bgwriter b) AS "countedSince" FROM ${view} s`,
  );
}

/**
 * Creates a logical slot of this database. It waits for every transaction that holds an xid at that moment, so it can take as long as
 * the longest of them; a statement_timeout cancels it cleanly and leaves no slot.
 */
export function createLogicalSlot(name: string, plugin: string): Statement<{confirmedFlushLsn: Lsn}> {
  // The second output column is xlog_position before 10 and lsn since: named by position. 9.4 and 9.5 tell it nowhere else.
  return sql(
    'SELECT slot.lsn AS "confirmedFlushLsn" FROM pg_create_logical_replication_slot($1, $2) AS slot(name, lsn)',
    [name, plugin],
  );
}

/** Drops a slot; its WAL is freed at the next checkpoint. Fails with 55006 while somebody reads it. */
export function dropSlot(name: string): Statement {
  return sql('SELECT pg_drop_replication_slot($1)', [name]);
}

/** The primary's WAL position, and its clock. A commit that has been answered lies before `insertLsn`, flushed or not. */
export interface PrimaryPosition {
  readonly inRecovery: boolean;
  readonly insertLsn: Lsn;
  readonly currentLsn: Lsn;
  readonly flushLsn: Lsn;
  readonly clock: string;
}

/** Reads the primary's WAL position. Raises 55000 on a standby. */
export function readPrimaryPosition(version: ServerVersion): Statement<PrimaryPosition> {
  return sql(`
    SELECT pg_is_in_recovery() AS "inRecovery",
           ${pick('insertLsn', version)} AS "insertLsn",
           ${pick('currentLsn', version)} AS "currentLsn",
           ${pick('flushLsn', version)} AS "flushLsn",
           to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "clock"`);
}

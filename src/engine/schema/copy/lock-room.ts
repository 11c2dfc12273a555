import type {Session} from '../../../pg/session/session.ts';
import {readSettings} from '../../../pg/session/settings.ts';
import type {TocEntry} from './toc.ts';

const SETTINGS = ['max_locks_per_transaction', 'max_connections', 'max_prepared_transactions'];

/** A server's lock table: for how many locks of all sessions together it has room, and what that is made of. */
export interface LockTable {
  readonly perTransaction: number;
  readonly sessions: number;
  readonly room: number;
}

/** Reads the settings that make it. */
export async function readLockTable(session: Session): Promise<LockTable> {
  return lockTable(new Map((await session.run(readSettings(SETTINGS))).map(({name, value}) => [name, Number(value)])));
}

/**
 * It has room for max_locks_per_transaction x (max_connections + max_prepared_transactions) locks. Pure.
 * Source: https://www.postgresql.org/docs/current/runtime-config-locks.html
 */
export function lockTable(settings: ReadonlyMap<string, number>): LockTable {
  const perTransaction = settings.get('max_locks_per_transaction') ?? 64;
  const sessions = (settings.get('max_connections') ?? 100) + (settings.get('max_prepared_transactions') ?? 0);
  return {perTransaction, sessions, room: perTransaction * sessions};
}

/** Whether one transaction may create all of these and leave others half of the lock table. A table has its TOAST table and the index of that. Pure. */
export function fitsOneTransaction(entries: readonly Pick<TocEntry, 'kind'>[], {room}: LockTable): boolean {
  const tables = entries.filter(({kind}) => kind === 'TABLE' || kind === 'MATERIALIZED VIEW').length;
  return entries.length + 2 * tables <= room / 2;
}

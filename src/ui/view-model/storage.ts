import type {ServerRole} from '../../domain/server-role.ts';
import {SERVER_ROLES} from '../../domain/server-role.ts';
import {formatBytes} from '../../domain/units.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Live} from '../store/live.ts';
import {
  failedProbes,
  readingOfDisk,
  readingOfReplica,
  readingOfTarget,
  readingOfTransactions,
  readingOfWal,
} from './readings.ts';

/** One fact of the WAL and disks pane. */
export interface StorageRow {
  readonly id: string;
  readonly server: string;
  readonly label: string;
  readonly value: string;
  /** Used share of a disk, 0 to 1; null where there is no bar to draw. */
  readonly share: number | null;
  readonly bad: boolean;
}

/** WAL, disks and replay of the three servers, and the probes that fail. */
export function storageView(live: Live): readonly StorageRow[] {
  return [
    ...SERVER_ROLES.flatMap((server) => [...diskRows(live, server), ...ownRows(live, server)]),
    ...failedProbes(live).map((probe) =>
      row(`failed:${probe.of}`, {
        server: 'probe',
        label: screenText(probe.of),
        value: screenText(probe.message),
        bad: true,
      }),
    ),
  ];
}

function diskRows(live: Live, server: ServerRole): StorageRow[] {
  const reading = readingOfDisk(live, server);
  if (reading === null) return [];
  const {totalBytes, freeBytes, from} = reading.disk;
  if (freeBytes === null) {
    return [row(`disk:${server}`, {server, label: 'disk', value: `unknown: ${screenText(from)}`})];
  }
  const share = totalBytes === null || totalBytes === 0 ? null : 1 - freeBytes / totalBytes;
  const of = totalBytes === null ? '' : ` of ${formatBytes(totalBytes)}`;
  const shown = {server, label: 'disk', value: `${formatBytes(freeBytes)} free${of}`, share};
  return [row(`disk:${server}`, {...shown, bad: share !== null && share > 0.9})];
}

function ownRows(live: Live, server: ServerRole): StorageRow[] {
  switch (server) {
    case 'source':
      return [...walRows(live, 'source'), ...transactionRows(live)];
    case 'replica':
      return [...walRows(live, 'replica'), ...replayRows(live)];
    case 'target': {
      const target = readingOfTarget(live);
      if (target === null) return [];
      const size = row('target:size', {server, label: 'database', value: formatBytes(target.databaseBytes)});
      const blocked = {server, label: 'blocked', value: `${target.blocked} sessions wait for a lock`, bad: true};
      return target.blocked > 0 ? [size, row('target:blocked', blocked)] : [size];
    }
  }
}

function walRows(live: Live, server: 'source' | 'replica'): StorageRow[] {
  const reading = readingOfWal(live, server);
  if (reading === null) return [];
  const value = reading.walBytes === null ? `unknown: ${screenText(reading.why ?? '')}` : formatBytes(reading.walBytes);
  return [row(`wal:${server}`, {server, label: 'pg_wal', value})];
}

function transactionRows(live: Live): StorageRow[] {
  const reading = readingOfTransactions(live);
  if (reading === null || (reading.oldestSeconds === null && reading.oldest === null)) return [];
  const who = reading.oldest === null ? '' : `  ${screenText(reading.oldest)}`;
  const value = reading.oldestSeconds === null ? `none seen${who}` : `${Math.round(reading.oldestSeconds)} s${who}`;
  return [row('transactions:source', {server: 'source', label: 'oldest tx', value})];
}

function replayRows(live: Live): StorageRow[] {
  const reading = readingOfReplica(live);
  if (reading === null) return [];
  const state = reading.paused ? 'paused' : 'running';
  const at = reading.replayLsn === null ? '' : ` at ${reading.replayLsn}`;
  return [
    row('replica:replay', {server: 'replica', label: 'replay', value: `${state}${at}`}),
    row('replica:backlog', {server: 'replica', label: 'to replay', value: formatBytes(reading.backlogBytes)}),
  ];
}

function row(
  id: string,
  rest: {server: string; label: string; value: string; share?: number | null; bad?: boolean},
): StorageRow {
  return {share: null, bad: false, ...rest, id};
}

import type {ServerRole} from '../../domain/pg/server-role.ts';
import {SERVER_ROLES} from '../../domain/pg/server-role.ts';
import {formatMinutes} from '../../domain/base/minutes.ts';
import {formatRange, isUrgent} from '../../domain/filling/runway.ts';
import {mainCause} from '../../domain/filling/disk-causes.ts';
import {formatFigure} from '../../domain/reading/figure.ts';
import {counted, formatBytes} from '../../domain/base/units.ts';
import {serverOfProbe} from '../../domain/reading/server-of-probe.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Live} from '../store/live.ts';
import {isOfCapture} from './capture-rows.ts';
import {timeOfDay} from './iso-time.ts';
import {
  failedProbes,
  figuresOf,
  readingOfDisk,
  readingOfPrimary,
  readingOfReplica,
  readingOfRunway,
  readingOfSenders,
  readingOfTarget,
  readingOfTransactions,
  readingOfWal,
  silentServers,
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
  /** Whether its probe fails by now; the value then begins with its time. */
  readonly old: boolean;
}

/** What does not answer, then WAL, disks and replay of the three servers. */
export function storageRows(live: Live): readonly StorageRow[] {
  const rows = SERVER_ROLES.flatMap((server) => [
    ...diskRows(live, server),
    ...ownRows(live, server),
    ...figureRows(live, server),
  ]);
  return [...silentRows(live), ...markOld(live, [...rows, ...costRows(live)])];
}

/** A server that answers nothing has one row, a probe that fails alone has its own. */
function silentRows(live: Live): StorageRow[] {
  const silent = silentServers(live);
  const alone = failedProbes(live).filter(({of}) => !silent.some(({server}) => server === serverOfProbe(of)));
  return [
    ...silent.map(({server, since, message}) => {
      const when = since === null ? '' : ` since ${timeOfDay(since)}`;
      return row(`silent:${server}`, {server, label: 'SILENT', value: screenText(`${message}${when}`), bad: true});
    }),
    ...alone.map(({of, message}) =>
      row(`failed:${of}`, {
        server: serverOfProbe(of) ?? 'probe',
        label: 'failed',
        value: screenText(`${of}: ${message}`),
        bad: true,
      }),
    ),
  ];
}

/** Figures of a probe that fails are as they were when it last worked. */
function markOld(live: Live, rows: readonly StorageRow[]): StorageRow[] {
  const failed = new Set(failedProbes(live).map(({of}) => of));
  return rows.map((one) => {
    const probe = probeOf(one.id);
    const since = probe !== null && failed.has(probe) ? (live.readings.get(probe)?.at ?? null) : null;
    return since === null ? one : {...one, old: true, value: `(${timeOfDay(since)}) ${one.value}`};
  });
}

/** The probe that a row is from; null for what is reckoned. */
function probeOf(id: string): string | null {
  if (/^(disk|wal|transactions):/.test(id)) return id;
  if (id.startsWith('figure:')) return id.split(':').slice(1, 3).join(':');
  if (id.startsWith('sender:')) return 'senders';
  if (id === 'prepared') return 'transactions:source';
  if (id.startsWith('replica:')) return 'replica';
  if (id.startsWith('target:')) return 'target';
  return id.startsWith('primary:') ? 'slots' : null;
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
  return [row(`disk:${server}`, {...shown, bad: share !== null && share > 0.9}), ...runwayRows(live, server)];
}

function runwayRows(live: Live, server: ServerRole): StorageRow[] {
  const reading = readingOfRunway(live, server);
  if (reading === null) return [];
  const {runway} = reading;
  if (runway === null)
    return [row(`runway:${server}`, {server, label: 'full in', value: `? ${screenText(reading.why)}`})];
  const cause = reading.causes == null ? null : mainCause(reading.causes);
  const whose = cause === null ? '' : `; ${screenText(cause)}`;
  const value = `${formatRange(runway)}, about ${formatMinutes(runway.minutes)}${whose}`;
  return [row(`runway:${server}`, {server, label: 'full in', value, bad: isUrgent(runway)})];
}

function ownRows(live: Live, server: ServerRole): StorageRow[] {
  switch (server) {
    case 'source':
      return [...walRows(live, 'source'), ...senderRows(live), ...transactionRows(live)];
    case 'replica':
      return [...walRows(live, 'replica'), ...replayRows(live)];
    case 'target':
      return targetRows(live);
  }
}

function walRows(live: Live, server: 'source' | 'replica'): StorageRow[] {
  const reading = readingOfWal(live, server);
  if (reading === null) return [];
  const size = reading.walBytes === null ? `unknown: ${screenText(reading.why ?? '')}` : formatBytes(reading.walBytes);
  const rate = server === 'source' ? (readingOfPrimary(live)?.walBytesPerSecond ?? null) : null;
  const value = rate === null ? size : `${size}, ${formatBytes(rate)}/s written`;
  return [row(`wal:${server}`, {server, label: 'pg_wal', value})];
}

/** What the watching itself costs the primary. */
function costRows(live: Live): StorageRow[] {
  const reading = readingOfPrimary(live);
  if (reading === null) return [];
  const value = `${(reading.askedShare * 100).toFixed(2)} % of one connection`;
  return [row('primary:asked', {server: 'probes', label: 'ask', value})];
}

function senderRows(live: Live): StorageRow[] {
  const reading = readingOfSenders(live);
  if (reading === null) return [];
  return reading.senders.map((sender, i) => {
    // What is usual needs no word.
    const state = sender.state === 'streaming' ? '' : ` ${sender.state ?? 'may not be seen'}`;
    const behind = sender.unsentBytes === null ? '' : `, ${formatBytes(sender.unsentBytes)} behind`;
    const value = screenText(`${sender.applicationName}${state}${behind}`);
    return row(`sender:${i}`, {server: 'source', label: 'sends to', value});
  });
}

function transactionRows(live: Live): StorageRow[] {
  const reading = readingOfTransactions(live);
  if (reading === null) return [];
  const who = reading.oldest === null ? '' : `  ${screenText(reading.oldest)}`;
  const value = reading.oldestSeconds === null ? `none seen${who}` : `${Math.round(reading.oldestSeconds)} s${who}`;
  return [
    row('transactions:source', {server: 'source', label: 'oldest', value}),
    ...(reading.prepared === 0
      ? []
      : [row('prepared', {server: 'source', label: 'prepared', value: counted(reading.prepared, 'transaction')})]),
  ];
}

function replayRows(live: Live): StorageRow[] {
  const reading = readingOfReplica(live);
  if (reading === null) return [];
  const state = reading.inRecovery ? (reading.paused ? 'paused' : 'running') : 'PROMOTED: no replica any more';
  const at = reading.replayLsn === null ? '' : ` at ${reading.replayLsn}`;
  const received = `${formatBytes(reading.backlogBytes)} to replay, ${reading.receiveLsn ?? 'from an archive'}`;
  return [
    row('replica:replay', {server: 'replica', label: 'replay', value: `${state}${at}`, bad: !reading.inRecovery}),
    row('replica:received', {server: 'replica', label: 'received', value: received}),
  ];
}

/** What a probe says of itself, but for change capture, which has a pane. */
function figureRows(live: Live, server: ServerRole): StorageRow[] {
  const figures = figuresOf(live, server).filter(([probe]) => !isOfCapture(probe));
  return figures.map(([probe, figure], i) =>
    row(`figure:${probe}:${figure.name}:${i}`, {
      server,
      label: screenText(figure.label),
      value: screenText(formatFigure(figure)),
    }),
  );
}

function targetRows(live: Live): StorageRow[] {
  const reading = readingOfTarget(live);
  if (reading === null) return [];
  const server = 'target';
  const blocked = `${counted(reading.blocked, 'session')} ${reading.blocked === 1 ? 'waits' : 'wait'} for a lock`;
  return [
    row('target:size', {server, label: 'database', value: sizeOf(reading)}),
    ...(reading.blocked > 0 ? [row('target:blocked', {server, label: 'blocked', value: blocked, bad: true})] : []),
    ...reading.activity.map((what, i) => row(`target:activity:${i}`, {server, label: 'does', value: screenText(what)})),
  ];
}

/** With its time, because it is minutes old. */
function sizeOf({databaseBytes, databaseSeenAt}: Extract<Reading, {probe: 'target'}>): string {
  return `${formatBytes(databaseBytes)} at ${timeOfDay(databaseSeenAt)}`;
}

function row(
  id: string,
  rest: {server: string; label: string; value: string; share?: number | null; bad?: boolean},
): StorageRow {
  return {share: null, bad: false, old: false, ...rest, id};
}

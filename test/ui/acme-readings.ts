import {parseLsn} from '../../src/domain/lsn.ts';
import type {Reading, UnitReading} from '../../src/domain/reading.ts';
import {GB, NOW, P, UNITS} from './acme-run.ts';

function laneReading(unit: string, share: number, rate: number, rows: number | null): UnitReading {
  return {
    unit,
    bytes: Math.round((UNITS.find((one) => one.id === unit)?.bytes ?? 0) * share),
    bytesPerSecond: rate * 1024 ** 2,
    rows,
    lastLine: '04:31 COPY public."events", 12,000,000 rows',
  };
}

/** The newest readings at a moment; slots grow by 3.1 MB/s. */
export function readingsAt(ms: number): Reading[] {
  const at = new Date(ms).toISOString();
  const grown = ((ms - NOW) / 1000) * 3.1 * 1024 ** 2;
  const slot = (name: string, gigabytes: number, ours: boolean) => ({
    name,
    kind: 'logical' as const,
    plugin: ours ? 'pglogical_output' : 'wal2json',
    database: 'app',
    active: !ours,
    ours,
    restartLsn: parseLsn('35FE3/4619A4D0'),
    confirmedFlushLsn: parseLsn('35FE3/463C2B08'),
    retainedBytes: gigabytes * GB + grown,
    walStatus: 'extended',
    safeWalBytes: 300 * GB,
    invalidationReason: null,
  });
  const disk = (server: 'source' | 'replica' | 'target', total: number, free: number): Reading => ({
    at,
    probe: 'disk',
    server,
    disk: {totalBytes: total * GB, freeBytes: free * GB, from: 'command'},
  });
  return [
    {
      at,
      probe: 'slots',
      currentLsn: parseLsn('36018/B63D4718'),
      slots: [
        ...['01', '02', '03', '04', '05', '06'].map((n) => slot(`dms_slot_${n}`, 212, true)),
        slot('warehouse', 3, false),
      ],
    },
    {
      at,
      probe: 'replica',
      inRecovery: true,
      paused: true,
      receiveLsn: P,
      replayLsn: P,
      postmasterStart: '2026-11-20 02:00:00.123456',
      backlogBytes: 3 * GB,
    },
    {at, probe: 'wal', server: 'source', walBytes: 215 * GB, why: null},
    {at, probe: 'primary', walBytesPerSecond: 3.1 * 1024 ** 2, askedShare: 0.0012},
    {at, probe: 'senders', senders: [{applicationName: 'db1-maint', state: 'streaming', unsentBytes: 0}]},
    {
      at,
      probe: 'eta',
      eta: {
        bytesLeft: 1286 * GB,
        bytesTotal: 2777 * GB,
        bytesPerSecond: 314 * 1024 ** 2,
        loadMinutes: 72,
        why: '',
        soonest: 66,
        latest: 80,
        indexMinutes: 200,
      },
    },
    disk('source', 4000, 207),
    disk('replica', 4000, 900),
    disk('target', 12_000, 9100),
    {
      at,
      probe: 'lanes',
      units: [
        laneReading('01-events', 0.63, 112, 1_210_345_678),
        laneReading('02-order_items', 0.94, 87, 806_000_000),
        laneReading('03-audit_log', 0.35, 0, null),
        laneReading('04-payments', 0.11, 95, 40_000_000),
        laneReading('rest', 0.52, 20, null),
      ],
    },
    {at, probe: 'transactions', server: 'source', oldestSeconds: 12, oldest: 'app pid 991', prepared: 0},
    {
      at,
      probe: 'runway',
      server: 'source',
      runway: {minutes: 1140, soonest: 1020, latest: 1320, bytesPerSecond: 3.1 * 1024 ** 2, freeBytes: 207 * GB},
      why: '',
    },
    {at, probe: 'target', databaseBytes: 2300 * GB, databaseSeenAt: at, blocked: 0, activity: [], cutOff: []},
  ];
}

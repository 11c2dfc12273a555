import {parseLsn, type Lsn} from '../../src/domain/pg/lsn.ts';
import type {Reading, SlotReading} from '../../src/domain/reading/reading.ts';

/** A gigabyte. */
export const GB = 1024 ** 3;
const MINUTE = 60_000;
/** Milliseconds. */
export const HOUR = 60 * MINUTE;
const BEGUN = Date.parse('2026-11-20T04:00:00.000Z');
/** The slots of the run. */
export const SLOTS = ['dms_slot_01', 'dms_slot_02', 'dms_slot_03'];
/** How the file of readings thins what is old. */
const GAPS = [
  {olderThanMs: 24 * HOUR, everyMs: 10 * MINUTE},
  {olderThanMs: HOUR, everyMs: MINUTE},
  {olderThanMs: -Infinity, everyMs: 10_000},
];

/** The time of a moment of the run, ISO 8601. */
export const isoAt = (ms: number): string => new Date(BEGUN + Math.round(ms)).toISOString();

/** So many bytes of WAL behind P. */
export const lsnAt = (bytes: number): Lsn => {
  const address = BigInt(Math.round(bytes)) + (0x35fe3n << 32n);
  return parseLsn(`${(address >> 32n).toString(16)}/${(address & 0xffffffffn).toString(16)}`.toUpperCase());
};

/** Where the load of a run of so many hours begins and ends. */
export const loadOf = (hours: number): [fromMs: number, toMs: number] => [hours * HOUR * 0.05, hours * HOUR * 0.8];

/** What the file of readings has of it in the end. */
export function readingsOf(hours: number): Reading[] {
  const endMs = hours * HOUR;
  const times: number[] = [];
  for (let ms = 0; ms <= endMs;) {
    times.push(ms);
    ms += GAPS.find(({olderThanMs}) => endMs - ms > olderThanMs)?.everyMs ?? 10_000;
  }
  return times.flatMap((ms) => readingsAt(hours, ms));
}

/** Writers work by day, and a batch by night. */
const walAt = (ms: number): number => (ms / HOUR) * 9 * GB + 20 * GB * Math.sin((ms / HOUR / 24) * 2 * Math.PI);

function readingsAt(hours: number, ms: number): Reading[] {
  const at = isoAt(ms);
  const [fromMs, toMs] = loadOf(hours);
  const loaded = Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs)));
  const wal = walAt(ms) - walAt(0);
  const free = {source: 1400 * GB - wal, replica: 900 * GB - wal * 0.8, target: 6000 * GB - loaded * 4500 * GB};
  const perSecond = {
    source: (9 * GB) / 3600,
    replica: (7 * GB) / 3600,
    target: loaded < 1 ? (4500 * GB * 1000) / (toMs - fromMs) : 0,
  };
  const minutesLeft = Math.max(0, (toMs - ms) / MINUTE) * (1.3 - 0.3 * loaded);
  return [
    {at, probe: 'slots', currentLsn: lsnAt(wal), slots: SLOTS.map((name) => slotAt(name, wal))},
    ...(['source', 'replica', 'target'] as const).flatMap((server): Reading[] => [
      {at, probe: 'disk', server, disk: {totalBytes: 8000 * GB, freeBytes: free[server], from: 'command'}},
      {at, probe: 'runway', server, ...runwayAt(free[server], perSecond[server])},
    ]),
    ...(ms < fromMs || ms > toMs
      ? []
      : [
          {
            at,
            probe: 'eta',
            eta: {
              bytesLeft: (1 - loaded) * 4500 * GB,
              bytesTotal: 4500 * GB,
              bytesPerSecond: 1e7,
              loadMinutes: minutesLeft,
              why: '',
              soonest: minutesLeft * 0.8,
              latest: minutesLeft * 1.4,
              indexMinutes: 60,
              compareMinutes: 120,
            },
          } satisfies Reading,
        ]),
  ];
}

function slotAt(name: string, retainedBytes: number): SlotReading {
  return {
    name,
    kind: 'logical',
    plugin: 'pgoutput',
    database: 'app',
    active: false,
    ours: true,
    restartLsn: lsnAt(0),
    confirmedFlushLsn: lsnAt(0),
    retainedBytes: retainedBytes * (name.endsWith('1') ? 1 : 0.7),
    walStatus: 'reserved',
    safeWalBytes: null,
    invalidationReason: null,
  };
}

function runwayAt(
  freeBytes: number,
  bytesPerSecond: number,
): Pick<Extract<Reading, {probe: 'runway'}>, 'runway' | 'why'> {
  if (bytesPerSecond === 0) return {runway: null, why: 'it does not grow'};
  const minutes = freeBytes / bytesPerSecond / 60;
  return {runway: {minutes, soonest: minutes * 0.6, latest: minutes * 2, bytesPerSecond, freeBytes}, why: ''};
}

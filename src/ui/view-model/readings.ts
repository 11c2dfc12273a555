import type {Figure} from '../../domain/reading/figure.ts';
import type {Reading, SlotReading, UnitReading} from '../../domain/reading/reading.ts';
import {findFailed, findSilent, type FailedProbe, type SilentServer} from '../../domain/reading/silent-servers.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import type {Live} from '../store/live.ts';
import {isoToMs} from './iso-time.ts';

/** The newest reading of the slots; null before the first. */
export function readingOfSlots(live: Live): Extract<Reading, {probe: 'slots'}> | null {
  const reading = live.readings.get('slots');
  return reading?.probe === 'slots' ? reading : null;
}

/** The newest reading of the replica; null before the first. */
export function readingOfReplica(live: Live): Extract<Reading, {probe: 'replica'}> | null {
  const reading = live.readings.get('replica');
  return reading?.probe === 'replica' ? reading : null;
}

/** The newest reading of a server's disk; null before the first. */
export function readingOfDisk(live: Live, server: ServerRole): Extract<Reading, {probe: 'disk'}> | null {
  const reading = live.readings.get(`disk:${server}`);
  return reading?.probe === 'disk' ? reading : null;
}

/** The newest reading of a server's pg_wal; null before the first. */
export function readingOfWal(live: Live, server: 'source' | 'replica'): Extract<Reading, {probe: 'wal'}> | null {
  const reading = live.readings.get(`wal:${server}`);
  return reading?.probe === 'wal' ? reading : null;
}

/** The newest reading of the target; null before the first. */
export function readingOfTarget(live: Live): Extract<Reading, {probe: 'target'}> | null {
  const reading = live.readings.get('target');
  return reading?.probe === 'target' ? reading : null;
}

/** The newest reading of the source's transactions; null before the first. */
export function readingOfTransactions(live: Live): Extract<Reading, {probe: 'transactions'}> | null {
  const reading = live.readings.get('transactions:source');
  return reading?.probe === 'transactions' ? reading : null;
}

/** When a server's disk is full, as the supervisor reckons; null before it does. */
export function readingOfRunway(live: Live, server: ServerRole): Extract<Reading, {probe: 'runway'}> | null {
  const reading = live.readings.get(`runway:${server}`);
  return reading?.probe === 'runway' ? reading : null;
}

/** How fast the primary writes WAL and how much we ask of it; null before the supervisor has reckoned. */
export function readingOfPrimary(live: Live): Extract<Reading, {probe: 'primary'}> | null {
  const reading = live.readings.get('primary');
  return reading?.probe === 'primary' ? reading : null;
}

/** Who streams WAL from the primary; null before the first reading. */
export function readingOfSenders(live: Live): Extract<Reading, {probe: 'senders'}> | null {
  const reading = live.readings.get('senders');
  return reading?.probe === 'senders' ? reading : null;
}

/** The figures that probes have read of a server, by the probes' names. */
export function figuresOf(live: Live, server: ServerRole): readonly (readonly [probe: string, figure: Figure])[] {
  return [...live.readings].flatMap(([probe, reading]) =>
    reading.probe === 'figures' && reading.server === server
      ? reading.figures.map((figure) => [probe, figure] as const)
      : [],
  );
}

/** When the load is done, as the supervisor reckons; null before it does. */
export function readingOfEta(live: Live): Extract<Reading, {probe: 'eta'}> | null {
  const reading = live.readings.get('eta');
  return reading?.probe === 'eta' ? reading : null;
}

/** Every slot of the newest reading. */
export function slotsOf(live: Live): readonly SlotReading[] {
  return readingOfSlots(live)?.slots ?? [];
}

/** A loading unit's newest figures; null when the lanes probe has none. */
export function unitReading(live: Live, unit: string): UnitReading | null {
  const reading = live.readings.get('lanes');
  return reading?.probe === 'lanes' ? (reading.units.find((one) => one.unit === unit) ?? null) : null;
}

/** Probes whose last attempt failed, with the server's words; one that has worked since is not among them. */
export function failedProbes({readings}: Live): readonly FailedProbe[] {
  return findFailed(readings);
}

/** Servers that did not answer when they were last asked: since when nothing was seen of them, and their words. */
export function silentServers({readings}: Live): readonly SilentServer[] {
  return findSilent(readings);
}

/** Derived readings are as old as what they are made from; a large pg_wal is listed as seldom as its size demands, and figures as their probe does. */
const UNTIMED: ReadonlySet<Reading['probe']> = new Set([
  'failed',
  'runway',
  'eta',
  'primary',
  'alarms',
  'wal',
  'figures',
]);

/** Milliseconds since the oldest of the probes' newest readings; null before the first reading. */
export function oldestReadingMs(live: Live, nowMs: number): number | null {
  const times = [...live.readings.values()].flatMap((reading) => {
    const at = UNTIMED.has(reading.probe) ? null : isoToMs(reading.at);
    return at === null ? [] : [at];
  });
  return times.length === 0 ? null : Math.max(0, nowMs - Math.min(...times));
}

import type {Alarm} from '../../../domain/reading/alarm.ts';
import {envelopeOf, fillOf, type Envelope} from '../../../domain/filling/envelope.ts';
import {formatMinutes} from '../../../domain/base/minutes.ts';
import {isLost, type SlotReading} from '../../../domain/reading/reading.ts';
import {formatBytes} from '../../../domain/base/units.ts';
import {newestOf} from '../history.ts';
import {isRelieved, LASTED} from './lasting.ts';
import {minutesNeeded} from './minutes-needed.ts';
import {isRaised, lowerLimit, raisedSoFar, type Judge, type Observed} from '../observed.ts';

/** Our slots that max_slot_wal_keep_size does not let live until the load is over; only 13+ tells, and only where it is set. */
export const judgeCaps: Judge = (observed) => {
  const reading = newestOf(observed.history, 'slots');
  if (reading === null) return raisedSoFar(observed, 'slot.cap:');
  const capped = reading.slots.filter((slot) => slot.ours && slot.safeWalBytes !== null && !isLost(slot));
  if (capped.length === 0) return [];
  const {wal} = observed.history;
  const now = envelopeOf(wal);
  if (now === null) return raisedSoFar(observed, 'slot.cap:');
  // What has just begun has to have lasted, as with disks.
  const least = Math.min(...capped.map(({safeWalBytes}) => Math.max(0, safeWalBytes ?? 0)));
  const beforeMs = (wal.at(-1)?.atMs ?? 0) - LASTED * fillOf(now, least).soonestMs;
  const before = envelopeOf(wal.filter(({atMs}) => atMs <= beforeMs));
  return capped.flatMap((slot) => judgeCap(observed, slot, {now, before}));
};

function judgeCap(
  observed: Observed,
  slot: SlotReading,
  {now, before}: {readonly now: Envelope; readonly before: Envelope | null},
): readonly Alarm[] {
  const id = `slot.cap:${slot.name}`;
  const left = Math.max(0, slot.safeWalBytes ?? 0);
  const soon = observed.thresholds.runwayMinutes;
  const needed = minutesNeeded(observed);
  const limit = Math.max(soon, needed ?? 0);
  const minutesBy = (envelope: Envelope): number => fillOf(envelope, left).soonestMs / 60_000;
  const minutes = minutesBy(now);
  const sinceMs = observed.history.wal[0]?.atMs ?? observed.steadyMs;
  const isOver =
    minutes >= lowerLimit(observed, id, limit) && isRelieved(observed, {id, key: id, sinceMs, limitMinutes: limit});
  const isNew = before !== null && minutesBy(before) >= limit * (1 + LASTED);
  if (isOver || (isNew && !isRaised(observed, id))) return [];
  return [
    {
      id,
      severity: minutes < soon ? 'critical' : 'warning',
      subject: `slot ${slot.name}`,
      seen:
        `max_slot_wal_keep_size kills it after ${formatBytes(left)} more WAL, ${whenOf(minutes)}` +
        (needed === null ? '' : `; the load needs ${formatMinutes(needed)}`),
      remedy:
        'on the primary, as superuser: ALTER SYSTEM SET max_slot_wal_keep_size = -1; SELECT pg_reload_conf(); watch its disk from then on',
    },
  ];
}

function whenOf(minutes: number): string {
  return minutes === Infinity ? 'once writers go on' : `in ${formatMinutes(minutes)} at the soonest`;
}

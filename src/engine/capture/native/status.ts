import {lsnDistance} from '../../../domain/pg/lsn.ts';
import {readSubscriptions, type Subscription} from '../../../pg/capture/subscriptions.ts';
import {readInsertPosition} from '../../../pg/replication/insert-position.ts';
import {readSlots} from '../../../pg/replication/slots.ts';
import type {Servers, SlotStatus} from '../capture.ts';
import {readSentinelsOf} from '../sentinels/read-sentinels.ts';

/** How each subscription is. */
export async function readStatus({source, target}: Servers, slots: readonly string[]): Promise<SlotStatus[]> {
  if (slots.length === 0) return [];
  const subscriptions = await target.run(readSubscriptions(slots, target.version));
  const {counts, since} = await readSentinelsOf({source, target}, slots);
  const kept = await source.run(readSlots(source.version));
  const {insertLsn} = await source.one(readInsertPosition(source.version));
  return slots.map((slot): SlotStatus => {
    const one = subscriptions.find(({name}) => name === slot);
    const confirmedLsn = kept.find(({name}) => name === slot)?.confirmedFlushLsn ?? null;
    const written = since.find((row) => row.slot === slot);
    return {
      slot,
      state: stateOf(one),
      waitsFor: one?.waitsFor ?? [],
      workerPid: one?.workerPid ?? null,
      heardSeconds: one?.heardSeconds ?? null,
      receivedLsn: one?.receivedLsn ?? null,
      appliedLsn: one?.appliedLsn ?? null,
      confirmedLsn,
      lagBytes: confirmedLsn === null ? null : Math.max(0, lsnDistance(confirmedLsn, insertLsn)),
      lagSeconds: Math.max(0, written?.waitingSeconds ?? 0),
      quietSeconds: written?.quietSeconds ?? null,
      errors: one?.errors ?? null,
      ...conflictsOf(one),
      sentinels: {source: written?.rowsUpTo ?? 0, target: counts.find((row) => row.slot === slot)?.rows ?? 0},
    };
  });
}

/** Those of a change whose row another origin had written are none: every row of the load is such a one to a target that tracks commit timestamps. */
function conflictsOf(one: Subscription | undefined): Pick<SlotStatus, 'conflicts'> {
  const {skipped = null, inTheWay = null} = one ?? {};
  return skipped === null || inTheWay === null ? {} : {conflicts: {all: skipped + inTheWay, skipped}};
}

/** Pure. */
export function stateOf(one: Subscription | undefined): SlotStatus['state'] {
  if (one?.enabled !== true) return 'stopped';
  if (one.workerPid === null) return 'down';
  return one.waitsFor.length > 0 ? 'blocked' : 'running';
}

import {lsnDistance} from '../../../domain/pg/lsn.ts';
import {readPglogicalSubscriptions, type PglogicalSubscription} from '../../../pg/capture/pglogical.ts';
import {readInsertPosition} from '../../../pg/replication/insert-position.ts';
import {readSlots} from '../../../pg/replication/slots.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {Servers, SlotStatus} from '../capture.ts';
import {readSentinelsOf} from '../sentinels/read-sentinels.ts';

/** How each subscription is. */
export async function readStatus({source, target}: Servers, slots: readonly string[]): Promise<SlotStatus[]> {
  if (slots.length === 0) return [];
  const subscriptions = await target.run(readPglogicalSubscriptions(slots, target.version));
  const {counts, since} = await readSentinelsOf({source, target}, slots);
  const kept = await source.run(readSlots(source.version));
  const {insertLsn} = await source.one(readInsertPosition(source.version));
  return slots.map((slot): SlotStatus => {
    const one = subscriptions.find(({name}) => name === slot);
    const slotNow = kept.find(({name}) => name === one?.slot);
    // 9.4 and 9.5 show only from where the slot keeps WAL, which is before it.
    const confirmedLsn = slotNow?.confirmedFlushLsn ?? slotNow?.restartLsn ?? null;
    const written = since.find((row) => row.slot === slot);
    return {
      slot,
      state: stateOf(one),
      waitsFor: one?.waitsFor ?? [],
      workerPid: one?.workerPid ?? null,
      // pglogical tells nobody.
      receivedLsn: null,
      appliedLsn: one?.appliedLsn ?? null,
      confirmedLsn,
      lagBytes: confirmedLsn === null ? null : Math.max(0, lsnDistance(confirmedLsn, insertLsn)),
      lagSeconds: Math.max(0, written?.waitingSeconds ?? 0),
      quietSeconds: written?.quietSeconds ?? null,
      errors: null,
      sentinels: {source: written?.rowsUpTo ?? 0, target: counts.find((row) => row.slot === slot)?.rows ?? 0},
    };
  });
}

/** The same as far as the target alone tells. */
export async function readStates(
  target: Session,
  slots: readonly string[],
): Promise<Pick<SlotStatus, 'slot' | 'state'>[]> {
  const subscriptions = await target.run(readPglogicalSubscriptions(slots, target.version));
  return slots.map((slot) => ({slot, state: stateOf(subscriptions.find(({name}) => name === slot))}));
}

/** Pure. A worker that fails is there for milliseconds every five seconds; pglogical tells `down` all the same. */
export function stateOf(
  one: Pick<PglogicalSubscription, 'enabled' | 'workerPid' | 'waitsFor' | 'status'> | undefined,
): SlotStatus['state'] {
  if (one?.enabled !== true) return 'stopped';
  if (one.workerPid === null || one.status === 'down') return 'down';
  return one.waitsFor.length > 0 ? 'blocked' : 'running';
}

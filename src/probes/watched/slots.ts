import {slotObject} from '../../domain/run/claimed.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import {readInsertPosition} from '../../pg/replication/insert-position.ts';
import {readSlots} from '../../pg/replication/slots.ts';
import type {ServerProbe} from './probe.ts';

/** All slots of the primary: those that this run claimed are ours, the others are watched and never touched. */
export function slotsProbe(everyMs: number, state: () => RunState): ServerProbe {
  return {
    name: 'slots',
    server: 'source',
    everyMs,
    async read(session) {
      const slots = await session.run(readSlots(session.version));
      // After the slots: no slot then lies ahead of it.
      const {insertLsn} = await session.one(readInsertPosition(session.version));
      const claimed = new Set(state().claimed);
      return {
        probe: 'slots',
        currentLsn: insertLsn,
        slots: slots.map((slot) => ({
          name: slot.name,
          kind: slot.kind,
          plugin: slot.plugin,
          database: slot.database,
          active: slot.active,
          ours: claimed.has(slotObject(slot.name)),
          restartLsn: slot.restartLsn,
          confirmedFlushLsn: slot.confirmedFlushLsn,
          retainedBytes: slot.retainedBytes,
          walStatus: slot.walStatus,
          safeWalBytes: slot.safeWalBytes,
          invalidationReason: slot.invalidationReason,
        })),
      };
    },
  };
}

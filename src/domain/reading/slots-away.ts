import {compareLsn, type Lsn} from '../pg/lsn.ts';
import {isLost} from './reading.ts';
import type {RunState} from '../run/run-state.ts';

/** A slot as far as P rests on it: a reading of the probe, or what a step has read. */
export interface SlotNow {
  readonly name: string;
  readonly confirmedFlushLsn: Lsn | null;
  readonly walStatus: string | null;
  readonly invalidationReason: string | null;
}

/** A slot that no longer begins at or before P. */
export interface SlotAway {
  readonly name: string;
  readonly how: 'gone' | 'moved' | 'lost';
  readonly seen: string;
}

/**
 * The slots that P was proved against and that no longer begin at or before it, by a reading of all slots of the primary at `at`, null being now. None where
 * change capture has begun, and by a reading from before the proof. Pure. Before 9.6 a slot that moves cannot be seen.
 */
export function slotsAway(
  {boundary, lastProof, cdcStarted}: Pick<RunState, 'boundary' | 'lastProof' | 'cdcStarted'>,
  {at, slots}: {readonly at: string | null; readonly slots: readonly SlotNow[]},
): SlotAway[] {
  if (boundary === null || lastProof === null || cdcStarted !== null) return [];
  if (at !== null && at <= lastProof.at) return [];
  return lastProof.slots.flatMap((name): SlotAway[] => {
    const slot = slots.find((one) => one.name === name);
    if (slot === undefined) return [{name, how: 'gone', seen: GONE}];
    if (isLost(slot)) return [{name, how: 'lost', seen: `the server has invalidated it: ${whyLost(slot)}`}];
    const begins = slot.confirmedFlushLsn;
    if (begins === null || compareLsn(begins, boundary.lsn) <= 0) return [];
    return [
      {name, how: 'moved', seen: `it begins at ${begins}, after P ${boundary.lsn}: it was consumed, or made again`},
    ];
  });
}

/** What is seen of a slot that is not there. */
export const GONE = 'it is no longer on the primary: dropped, or a failover left it behind';

/** Why the server has invalidated a slot. */
export function whyLost({invalidationReason}: Pick<SlotNow, 'invalidationReason'>): string {
  return invalidationReason ?? 'max_slot_wal_keep_size was too small';
}

/** What brings a run on whose slots are gone, or begin after P. */
export function newSlots(run: string): string {
  return `longhaul release --yes ${run}, then longhaul run: new slots, a new P, and what is loaded is loaded again`;
}

/** What to do about a slot that has moved past P, which change capture does as well, once it may. */
export function afterMove(run: string, mayHaveBegun: boolean): string {
  const otherwise = `its changes from P on are lost: ${newSlots(run)}`;
  return mayHaveBegun
    ? `if change capture reads it: longhaul cdc-started --yes ${run}; if not, ${otherwise}`
    : otherwise;
}

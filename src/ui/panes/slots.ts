import type {Sample} from '../../domain/reading/growth.ts';
import {isLost, type SlotReading} from '../../domain/reading/reading.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Live} from '../store/live.ts';
import {growthOf} from '../view-model/growth-of.ts';
import {slotsOf} from './readings.ts';

/** One slot of the primary. */
export interface SlotRow {
  readonly name: string;
  readonly plugin: string;
  readonly active: boolean;
  readonly ours: boolean;
  readonly retainedBytes: number | null;
  /** Growth of what it retains; null until it was watched for half a minute. */
  readonly bytesPerSecond: number | null;
  readonly restartLsn: string;
  readonly confirmedLsn: string;
  /** wal_status, or why it is invalid; empty where the server has no such column. */
  readonly status: string;
  readonly lost: boolean;
  readonly history: readonly number[];
}

/** The orders that `o` goes through. */
export const SLOT_ORDERS = ['retained', 'rate', 'name'] as const;

/** An order of the slots. */
export type SlotOrder = (typeof SLOT_ORDERS)[number];

/** Every slot of the primary, most retained WAL first unless asked otherwise. */
export function slotsView(live: Live, look: {order: SlotOrder; filter: string}): readonly SlotRow[] {
  const wanted = look.filter.toLowerCase();
  return slotsOf(live)
    .map((slot) => slotRow(live, slot))
    .filter((row) => `${row.name} ${row.status} ${row.plugin}`.toLowerCase().includes(wanted))
    .toSorted((a, b) => compareBy(look.order, a, b) || (a.name < b.name ? -1 : 1));
}

const EMPTY: readonly Sample[] = [];

function slotRow(live: Live, slot: SlotReading): SlotRow {
  const history = live.slotHistory.get(slot.name) ?? EMPTY;
  return {
    name: screenText(slot.name),
    plugin: screenText(slot.plugin ?? slot.kind),
    active: slot.active,
    ours: slot.ours,
    retainedBytes: slot.retainedBytes,
    bytesPerSecond: growthOf(history),
    restartLsn: slot.restartLsn ?? '-',
    confirmedLsn: slot.confirmedFlushLsn ?? '-',
    status: screenText(slot.invalidationReason ?? slot.walStatus ?? ''),
    lost: isLost(slot),
    history: history.map((sample) => sample.value),
  };
}

function compareBy(order: SlotOrder, a: SlotRow, b: SlotRow): number {
  switch (order) {
    case 'retained':
      // A lost slot retains nothing, and is the worst.
      return Number(b.lost) - Number(a.lost) || (b.retainedBytes ?? -1) - (a.retainedBytes ?? -1);
    case 'rate':
      return (b.bytesPerSecond ?? 0) - (a.bytesPerSecond ?? 0);
    case 'name':
      return 0;
  }
}

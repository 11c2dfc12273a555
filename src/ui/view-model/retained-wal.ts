import {isLost} from '../../domain/reading/reading.ts';
import type {Runway} from '../../domain/reading/runway.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Live} from '../store/live.ts';
import {growthOf} from './growth.ts';
import {readingOfRunway, readingOfSlots, slotsOf} from './readings.ts';

/** The slot that retains the most WAL, and how long the primary's disk still holds it. */
export interface RetainedWal {
  /** Null when no slot retains any that can be told. */
  readonly retainedBytes: number | null;
  /** Growth of what it retains; null while it is being measured. */
  readonly bytesPerSecond: number | null;
  /** Until the primary's disk is full, as the supervisor reckons; null with the reason in `unknown`. */
  readonly runway: Runway | null;
  readonly unknown: string;
  /** Slots of this run that the server has invalidated. */
  readonly lost: number;
}

/** What the slots keep on the primary; null before they were read. */
export function retainedWal(live: Live): RetainedWal | null {
  if (readingOfSlots(live) === null) return null;
  const slots = slotsOf(live);
  const [worst] = slots
    .filter((slot) => slot.retainedBytes !== null)
    .toSorted((a, b) => (b.retainedBytes ?? 0) - (a.retainedBytes ?? 0));
  const reading = readingOfRunway(live, 'source');
  return {
    retainedBytes: worst?.retainedBytes ?? (slots.length === 0 ? 0 : null),
    bytesPerSecond: worst === undefined ? null : growthOf(live.trends.slots[worst.name]),
    runway: reading?.runway ?? null,
    unknown: screenText(reading?.why ?? 'being measured'),
    lost: slots.filter((slot) => slot.ours && isLost(slot)).length,
  };
}

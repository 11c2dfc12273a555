import type {Runway} from '../../domain/runway.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Live} from '../store/live.ts';
import {growthOf} from './growth-of.ts';
import {readingOfRunway, slotsOf} from './readings.ts';

/** The slot that retains the most WAL, and how long the primary's disk still holds it. */
export interface WalRoom {
  readonly slot: string;
  readonly retainedBytes: number;
  /** Growth of what it retains; null while it is being measured. */
  readonly bytesPerSecond: number | null;
  /** Until the primary's disk is full, as the supervisor reckons; null with the reason in `unknown`. */
  readonly runway: Runway | null;
  readonly unknown: string;
}

/** The worst slot; null when no slot was seen. */
export function walRoom(live: Live): WalRoom | null {
  const [worst] = slotsOf(live).toSorted((a, b) => (b.retainedBytes ?? -1) - (a.retainedBytes ?? -1));
  if (worst === undefined) return null;
  const reading = readingOfRunway(live);
  return {
    slot: screenText(worst.name),
    retainedBytes: worst.retainedBytes ?? 0,
    bytesPerSecond: growthOf(live.slotHistory.get(worst.name)),
    runway: reading?.runway ?? null,
    unknown: screenText(reading?.why ?? 'being measured'),
  };
}

import {screenText} from '../screen/screen-text.ts';
import {ratePerSecond} from '../store/history.ts';
import type {Live} from '../store/live.ts';
import {readingOfDisk, slotsOf} from './readings.ts';

/** The slot that retains the most WAL, and how long the primary's disk still holds it. */
export interface WalRoom {
  readonly slot: string;
  readonly retainedBytes: number;
  readonly bytesPerSecond: number | null;
  readonly freeBytes: number | null;
  /** Milliseconds until the volume is full at this growth; null when it does not grow or either figure is unknown. */
  readonly fullInMs: number | null;
  /** Why there is no time, in a word or two; empty when there is one. */
  readonly unknown: string;
}

/** The worst slot; null when no slot was seen. */
export function walRoom(live: Live): WalRoom | null {
  const [worst] = slotsOf(live).toSorted((a, b) => (b.retainedBytes ?? -1) - (a.retainedBytes ?? -1));
  if (worst === undefined) return null;
  const bytesPerSecond = ratePerSecond(live.slotHistory.get(worst.name) ?? []);
  const freeBytes = readingOfDisk(live, 'source')?.disk.freeBytes ?? null;
  const growing = bytesPerSecond !== null && bytesPerSecond > 0;
  return {
    slot: screenText(worst.name),
    retainedBytes: worst.retainedBytes ?? 0,
    bytesPerSecond,
    freeBytes,
    fullInMs: growing && freeBytes !== null ? (freeBytes / bytesPerSecond) * 1000 : null,
    unknown: whyUnknown(bytesPerSecond, freeBytes),
  };
}

function whyUnknown(bytesPerSecond: number | null, freeBytes: number | null): string {
  if (bytesPerSecond === null) return 'growth being measured';
  if (bytesPerSecond <= 0) return 'not growing';
  return freeBytes === null ? 'free disk unknown' : '';
}

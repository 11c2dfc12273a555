import {formatBytes} from '../../domain/base/units.ts';
import {estimateGrowth, type Sample} from '../../domain/reading/growth.ts';

// A history is a new array whenever it grows, every ten seconds; the screen asks twice a second, and the estimate compares thousands
// of pairs for every slot.
const known = new WeakMap<readonly Sample[], number | null>();

/** Growth per second of a history; null while it is being measured. */
export function growthOf(history: readonly Sample[] | undefined): number | null {
  if (history === undefined) return null;
  const before = known.get(history);
  if (before !== undefined) return before;
  const perSecond = estimateGrowth(history)?.perSecond ?? null;
  known.set(history, perSecond);
  return perSecond;
}

/** Growth with its sign: `+3.1 MB/s`; dots until it is known. */
export function formatGrowth(bytesPerSecond: number | null): string {
  if (bytesPerSecond === null) return '...';
  return `${bytesPerSecond >= 0 ? '+' : ''}${formatBytes(bytesPerSecond)}/s`;
}

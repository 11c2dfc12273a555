import type {Symbols} from './symbols.ts';

/** A bar of `width` cells, filled to `share` (0 to 1). Any progress shows a first cell; only the whole fills the last. */
export function bar(share: number, width: number, symbols: Symbols): string {
  if (width <= 0) return '';
  const exact = Math.max(0, Math.min(1, share)) * width;
  const filled = share >= 1 ? width : Math.min(width - 1, Math.max(share > 0 ? 1 : 0, Math.floor(exact)));
  return symbols.full.repeat(filled) + symbols.empty.repeat(width - filled);
}

/** The last `width` values as a spark line; a flat line where they are all alike, spaces where there are none yet. */
export function spark(values: readonly number[], width: number, symbols: Symbols): string {
  const last = values.slice(-width);
  if (last.length === 0) return ' '.repeat(width);
  const low = Math.min(...last);
  const high = Math.max(...last);
  if (high === low) return (symbols.spark[0] ?? ' ').repeat(width);
  const heights = last.map((value) => Math.round(((value - low) / (high - low)) * 7));
  return heights
    .map((height) => symbols.spark[height] ?? ' ')
    .join('')
    .padStart(width);
}

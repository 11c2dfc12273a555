/** A list in pieces of so many, in its order; none of an empty one. Pure. */
export function inPieces<T>(all: readonly T[], atOnce: number): T[][] {
  return Array.from({length: Math.ceil(all.length / atOnce)}, (_, i) => all.slice(i * atOnce, (i + 1) * atOnce));
}

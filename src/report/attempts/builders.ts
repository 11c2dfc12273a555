import type {Reading} from '../../domain/reading/reading.ts';

/** How busy the builders of indexes were after the load, as far as readings were kept. Milliseconds. */
export interface Builders {
  /** The most that were at work at once. */
  readonly most: number;
  /** How long fewer than that were, at the end, and what was built then. */
  readonly tailMs: number;
  readonly last: string;
  /** How long all of them were at work. */
  readonly busyMs: number;
}

/** The builders of the last step that built indexes in this stretch of time; null where nothing was read of it. Pure. */
export function buildersIn(readings: readonly Reading[], fromMs: number, toMs: number): Builders | null {
  const seen = readings.flatMap((one) => {
    const atMs = Date.parse(one.at);
    return one.probe === 'work' && one.work?.step === 'build-indexes' && atMs >= fromMs && atMs <= toMs
      ? [{atMs, pieces: one.work.pieces}]
      : [];
  });
  const most = seen.reduce((sum, {pieces}) => Math.max(sum, pieces.length), 0);
  const [first, last] = [seen[0], seen.at(-1)];
  const busy = seen.findLast(({pieces}) => pieces.length === most);
  if (most === 0 || first === undefined || last === undefined || busy === undefined) return null;
  // The longest that is left is what all others have waited for.
  const name = seen.findLast(({pieces}) => pieces.length > 0)?.pieces[0]?.name ?? '';
  return {most, tailMs: last.atMs - busy.atMs, last: name, busyMs: busy.atMs - first.atMs};
}

import {newestOf} from '../history.ts';
import type {Observed} from '../observed.ts';

/** Minutes until load and indexes are over at the slower rate, while there is a load; null when it cannot be said. */
export function minutesNeeded(observed: Observed): number | null {
  const eta = newestOf(observed.history, 'eta')?.eta;
  const load = eta?.latest ?? eta?.loadMinutes ?? null;
  return load === null || eta === undefined ? null : load + (eta.indexMinutes ?? 0);
}

import {printable} from '../../domain/base/printable.ts';
import type {Blocker} from '../../pg/replication/blockers.ts';

/** The oldest, and how many there are beside it. Pure. */
export function namesOf(blockers: readonly Blocker[]): string {
  const [oldest, ...more] = blockers;
  if (oldest === undefined) return 'nobody';
  return `${printable(oldest.what)}${more.length === 0 ? '' : ` and ${more.length} more`}`;
}

import type {RelationName} from '../../pg/relation.ts';
import {claimedSentinels} from '../claimed.ts';

/** The schema that the sentinels' tables are in, one for each slot, which is called after it. */
export const SENTINELS_IN = 'longhaul_cdc';

/** Whether it is the table of a slot's sentinels that this run has made. Pure. */
export function isOwnSentinel({schema, name}: RelationName, claimed: readonly string[]): boolean {
  return schema === SENTINELS_IN && claimedSentinels(claimed).includes(name);
}

/** What takes a slot's sentinels in, where the target has not all that the source has: `longhaul adopt longhaul_cdc.lh_01 --yes acme`. Pure. */
export function adoptSentinelsOf(slot: string, run: string | null): string {
  return `longhaul adopt ${SENTINELS_IN}.${slot} --yes ${run ?? ''}`;
}

import {readPglogicalSubscriptions, type PglogicalSubscription} from '../../../pg/capture/pglogical.ts';
import {readSlots, type Slot} from '../../../pg/replication/slots.ts';
import {readInstalled} from '../dms/read-installed.ts';
import {readPlan} from '../../plan/plan-file.ts';
import type {StepContext} from '../../step.ts';

/** The subscriptions of these names on the target; none where it has no pglogical. */
export async function readOurSubscriptions(
  ctx: StepContext,
  names: readonly string[],
): Promise<PglogicalSubscription[]> {
  const target = await ctx.session('target');
  return readInstalled(target, readPglogicalSubscriptions(names, target.version));
}

/** The planned slots, as which their subscriptions are named. */
export async function plannedNames(ctx: StepContext): Promise<string[]> {
  return (await readPlan(ctx)).slots.slots.map(({name}) => name);
}

/** The source's slots of this plugin. */
export async function readPglogicalSlots(ctx: StepContext): Promise<Slot[]> {
  const source = await ctx.session('source');
  return (await source.run(readSlots(source.version))).filter(({plugin}) => plugin === 'pglogical_output');
}

/** Longer parts of a slot's name pglogical cuts, and ends them with a hash. */
const LONGEST_PART = 16;
const KEPT_OF_IT = 8;

/**
 * Whether a slot may be the one that pglogical would make for a subscription of this name: it drops such a one, whoever reads it, and makes it anew. `pgl_app_longhaul_lh_01`
 * for `lh_01`. What is before the subscription's name depends on names that only pglogical cuts. Pure.
 */
export function mayBeSlotOf(subscription: string, slot: string): boolean {
  if (!slot.startsWith('pgl_')) return false;
  if (subscription.length <= LONGEST_PART) return slot.endsWith(`_${subscription}`);
  const [tail = ''] = /_.{8}[0-9a-f]{1,8}$/.exec(slot) ?? [];
  return tail !== '' && slot.includes(`_${subscription.slice(0, KEPT_OF_IT)}`);
}

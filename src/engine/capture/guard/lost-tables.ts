import {without} from '../../../domain/pg/relation.ts';
import type {PlannedSlot} from '../../../domain/pg/slot-plan.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import type {StepContext} from '../../step.ts';
import {waitUntil} from '../../waiting/wait-until.ts';
import {slotOf} from '../adopt/choose-slot.ts';
import type {Adoption, CaptureEngine} from '../capture.ts';
import {tablesNotCaptured, type NotCaptured} from './not-captured.ts';
import {readSlotsThere} from './slots-there.ts';

/** What is asked of the engine about the tables of its slots. */
export interface HowCaptured extends Pick<CaptureEngine, 'readNotCaptured'> {
  readonly adoption: Adoption | null;
}

/** In this time the watch over the source has told of a table that was taken out, by two readings. */
const TOLD_MS = 60_000;

/**
 * The tables of these slots that are not captured and disprove P. One that was remade or taken out behind P does not, where it can be adopted and the rest of its slot is captured as it was: it counts as not captured until it was, which keeps the
 * cutover, and the load of all others is of use. What is not told as such yet is waited for.
 */
export async function readLost(
  ctx: StepContext,
  slots: readonly PlannedSlot[],
  {readNotCaptured, adoption}: HowCaptured,
): Promise<NotCaptured[]> {
  const left = await readNotCaptured(ctx, await readSlotsThere(ctx, slots));
  if (left.length === 0 || adoption === null) return left;
  const source = await ctx.session('source');
  const broken = await adoption.readBroken(
    source,
    slots.map(({name}) => name),
  );
  return unlessTold(ctx, left, (one) => isAdoptable(one, slots, broken));
}

/** These tables; none where each can be adopted and is told as not captured, or is within a minute, with a P that has been proved. */
export async function unlessTold(
  ctx: Pick<StepContext, 'state' | 'steady' | 'sleep'>,
  left: readonly NotCaptured[],
  mayAdopt: (one: NotCaptured) => boolean,
): Promise<NotCaptured[]> {
  // Before P is proved nothing is loaded that would be worth keeping.
  if (!ctx.state().boundaryProved || !left.every(mayAdopt)) return [...left];
  const tables = tablesNotCaptured(left);
  const areTold = async (): Promise<true | null> => {
    const told = ctx.state().capture.newTables.map(({table}) => table);
    return without(tables, told).length === 0 ? true : null;
  };
  return (await waitUntil(ctx, TOLD_MS, areTold)) === null ? [...left] : [];
}

/** Whether adopting a table makes good that it is not captured: all else of its slot comes, and the slot's sentinel tells so. Pure. */
export function isAdoptable(
  {table}: Pick<NotCaptured, 'table'>,
  slots: readonly PlannedSlot[],
  broken: readonly string[],
): boolean {
  if (table.schema === SENTINEL_SCHEMA) return false;
  const slot = slotOf(slots, table);
  return slot !== null && !broken.includes(slot);
}

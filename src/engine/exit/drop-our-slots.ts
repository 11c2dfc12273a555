import type {JsonObject} from '../../domain/base/json.ts';
import {formatBytes} from '../../domain/base/units.ts';
import {dropSlot, readSlots} from '../../pg/replication/slots.ts';
import {slotObject} from '../../domain/run/claimed.ts';
import type {StepContext} from '../step.ts';

/** Drops the slots that this run claimed, as far as they are still there; their WAL goes at the primary's next checkpoint. */
export async function dropOurSlots(ctx: StepContext): Promise<JsonObject> {
  const source = await ctx.session('source');
  const claimed = ctx.state().claimed;
  const slots = (await source.run(readSlots(source.version))).filter((slot) => claimed.includes(slotObject(slot.name)));
  for (const slot of slots) await source.run(dropSlot(slot.name));
  const held = Math.max(0, ...slots.map((slot) => slot.retainedBytes ?? 0));
  return {droppedSlots: slots.map((slot) => slot.name), freed: formatBytes(held)};
}

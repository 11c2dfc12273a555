import type {JsonObject} from '../../domain/base/json.ts';
import {formatBytes} from '../../domain/base/units.ts';
import {readSlots} from '../../pg/replication/slots.ts';
import {claimedSlots, slotObject} from '../../domain/run/claimed.ts';
import type {StepContext} from '../step.ts';
import {dropOne} from './drop-slot.ts';

/**
 * Drops the slots that this run claimed, as far as they are still there; their WAL goes at the primary's next checkpoint. One that somebody reads
 * keeps none of the others; what was refused is thrown once all were tried. Asks no server where none was claimed.
 */
export async function dropOurSlots(ctx: StepContext): Promise<JsonObject> {
  const claimed = ctx.state().claimed;
  if (claimedSlots(claimed).length === 0) return {droppedSlots: [], freed: formatBytes(0)};
  const source = await ctx.session('source');
  const slots = (await source.run(readSlots(source.version))).filter((slot) => claimed.includes(slotObject(slot.name)));
  const refused: unknown[] = [];
  for (const slot of slots) await dropOne(source, slot.name, null).catch((error: unknown) => refused.push(error));
  if (refused.length > 0) throw refused[0];
  const held = Math.max(0, ...slots.map((slot) => slot.retainedBytes ?? 0));
  return {droppedSlots: slots.map((slot) => slot.name), freed: formatBytes(held)};
}

import type {Boundary} from '../../../domain/pg/boundary.ts';
import type {Lsn} from '../../../domain/pg/lsn.ts';
import {insertSetOf, updateSetOf} from '../../../domain/pg/slot-plan.ts';
import {peekPublished, type PeekedTransaction} from '../../../pg/compare/again-peek.ts';
import {readSlots, type Slot} from '../../../pg/replication/slots.ts';
import {captureNeeds} from '../../capture/needs.ts';
import type {OwnCapture} from '../../capture/own-capture.ts';
import type {StepContext} from '../../step.ts';
import {Unproved} from './unproved.ts';
import {judgeFence, type HeldSlot} from './judge-fence.ts';

/** Proves that replica and target are at the same commit. Throws `Unproved` where that cannot be. */
export async function proveFence(
  ctx: StepContext,
  {live, slots}: OwnCapture,
  {boundary, upTo, sentinel}: {readonly boundary: Boundary; readonly upTo: Lsn; readonly sentinel: string},
): Promise<void> {
  const servers = {source: await ctx.session('source'), target: await ctx.session('target')};
  const seen = await live.status(servers, slots);
  const there = await servers.source.run(readSlots(servers.source.version));
  const held: HeldSlot[] = [];
  for (const {slot, appliedLsn, confirmedLsn, state} of seen) {
    const own = there.find(({name}) => name === slot);
    held.push({
      slot,
      // An engine may call its slots otherwise; that nobody reads them planStop has seen to.
      isRead: own?.active === true || state !== 'stopped',
      appliedLsn,
      confirmedLsn,
      kept: await peek(ctx, own, upTo),
    });
  }
  const why = judgeFence({at: boundary.lsn, sentinel}, held);
  if (why !== null) throw new Unproved(why);
}

/** What the slot keeps; null where its plugin's messages are not known: then where the target is itself has to do. */
async function peek(ctx: StepContext, slot: Slot | undefined, upTo: Lsn): Promise<readonly PeekedTransaction[] | null> {
  if (captureNeeds(ctx.config).slots?.plugin !== 'pgoutput') return null;
  if (slot === undefined || slot.active) return [];
  const {name, retainedBytes} = slot;
  if (retainedBytes === null || retainedBytes > ctx.config.cdc.peekWalBytes)
    throw new Unproved(`${name} keeps more WAL than cdc.peek_wal lets it be read for the proof`);
  const source = await ctx.session('source');
  const publications = [updateSetOf(name), insertSetOf(name)];
  return source.run(peekPublished(name, {upTo, publications}), {timeoutMs: ctx.config.timeouts.pauseMs});
}

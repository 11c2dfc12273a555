import type {Reply} from '../../domain/run/command.ts';
import type {Actor} from '../../domain/run/event.ts';
import {cdcNotExpected} from '../../domain/pg/hand-over.ts';
import {compareLsn} from '../../domain/pg/lsn.ts';
import {newSlots, slotsAway} from '../../domain/reading/slots-away.ts';
import {readSlots, type Slot} from '../../pg/replication/slots.ts';
import type {StepContext} from '../step.ts';

/**
 * Takes an operator's word that change capture has begun at P: from now on slots that move past P are as they should be. Who reads a slot
 * cannot be seen in it, so this is said and not guessed. Refused where a slot is gone or lost: nothing can begin with it.
 */
export async function sayCdcStarted(ctx: StepContext, typed: string, who: Actor): Promise<Reply> {
  const {run} = ctx.config;
  const state = ctx.state();
  if (typed !== run) return refused('what was typed is not the name of the run', `type ${run}`);
  const why = cdcNotExpected(state);
  if (why !== null)
    return refused(why, state.cdcStarted === null ? 'finish the load first: longhaul run' : 'there is nothing to do');
  const source = await ctx.session('source');
  const slots = await source.run(readSlots(source.version));
  const dead = slotsAway(state, {at: null, slots}).filter(({how}) => how !== 'moved');
  if (dead.length > 0)
    return refused(
      `nothing can begin with ${dead.map(({name, seen}) => `slot ${name}: ${seen}`).join('; ')}`,
      newSlots(run),
    );
  const ours = slots.filter(({name}) => state.lastProof?.slots.includes(name));
  await ctx.record({
    type: 'cdc.started',
    by: who,
    evidence: {
      boundary: state.boundary?.lsn ?? null,
      proved: state.lastProof?.at ?? null,
      slots: ours.map(({name, active, confirmedFlushLsn}) => ({name, active, confirmedFlushLsn})),
    },
  });
  const unread = ours.filter((slot) => !isRead(slot, state.boundary?.lsn ?? null)).map(({name}) => name);
  const waits = unread.length === 0 ? '' : `. Nobody has read ${unread.join(', ')} yet`;
  return {ok: true, message: `noted: change capture has begun at P ${state.boundary?.lsn}${waits}`};
}

function isRead({active, confirmedFlushLsn}: Slot, boundary: Slot['confirmedFlushLsn']): boolean {
  return active || (confirmedFlushLsn !== null && boundary !== null && compareLsn(confirmedFlushLsn, boundary) > 0);
}

function refused(message: string, remedy: string): Reply {
  return {ok: false, message, remedy};
}

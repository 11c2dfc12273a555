import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import {afterMove, newSlots, slotsAway, type SlotAway} from '../../domain/reading/slots-away.ts';
import {cdcNotExpected, stepOnProof} from '../../domain/pg/hand-over.ts';
import {isProofOfUse} from '../../domain/rules/needs.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import {readSlots} from '../../pg/replication/slots.ts';
import type {StepContext} from '../step.ts';

/** How the walk is ended, and where it is said what no journal takes. */
interface Watching {
  readonly halt: (reason: string) => void;
  readonly complain: (words: string) => void;
}

/**
 * Hears every reading of the slots, and asks the primary once more where one that P rests on seems to be gone, to have moved or to be lost.
 * If it is, P is no longer proved, and a walk that rests on it ends: what is loaded at it could not be handed to change capture. Lanes go on
 * until the operator has seen it; release and abort end them. A walk that is still to prove P finds it by itself.
 */
export function watchProof(ctx: StepContext, watching: Watching): (reading: Reading) => void {
  let asking = false;
  return (reading) => {
    if (reading.probe !== 'slots' || asking || !isProofOfUse(ctx.state())) return;
    if (slotsAway(ctx.state(), reading).length === 0) return;
    asking = true;
    void disprove(ctx, watching)
      .catch((error: unknown) => watching.complain(error instanceof Error ? error.message : String(error)))
      .finally(() => (asking = false));
  };
}

/**
 * Why P is no longer proved, at the end of a walk; null where it is, or where nobody needs it yet. The slots are read once more: what was lost a
 * moment ago, or while no supervisor lived, no probe may have seen. A primary that does not answer says nothing against it.
 */
export async function whyDisproved(ctx: StepContext): Promise<string | null> {
  if (ctx.state().boundaryProved)
    await disprove(ctx, {halt: () => undefined}).catch((error: unknown) => {
      if (!(error instanceof LonghaulError && error.code === 'unreachable')) throw error;
    });
  return ctx.state().boundaryDisproved?.message ?? null;
}

async function disprove(ctx: StepContext, {halt}: Pick<Watching, 'halt'>): Promise<void> {
  const source = await ctx.session('source');
  const slots = await source.run(readSlots(source.version));
  const state = ctx.state();
  const away = slotsAway(state, {at: null, slots});
  if (away.length === 0 || !isProofOfUse(state)) return;
  const isResting = stepOnProof(state) !== undefined;
  const seen = away.map(({name, how, seen: words}) => ({name, how, seen: words}));
  await ctx.record({
    type: 'boundary.disproved',
    failure: failureOf(ctx.config.run, state, away),
    evidence: {slots: seen},
  });
  if (isResting) halt('P is no longer proved');
}

function failureOf(run: string, state: RunState, away: readonly SlotAway[]) {
  const mayHaveBegun = cdcNotExpected(state) === null && away.every(({how}) => how === 'moved');
  return {
    message: `P ${state.boundary?.lsn} is no longer proved: ${away.map(({name, seen}) => `slot ${name}: ${seen}`).join('; ')}`,
    remedy: mayHaveBegun ? afterMove(run, true) : newSlots(run),
    unreachable: false,
  };
}

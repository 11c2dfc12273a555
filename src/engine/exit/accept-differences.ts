import type {Command, Reply} from '../../domain/run/command.ts';
import {openDifferences} from '../../domain/run/difference.ts';
import type {Actor} from '../../domain/run/event.ts';
import {whyRefused} from '../../domain/rules/why-refused.ts';
import type {StepContext} from '../step.ts';

/** An operator's word that the target stays as it is in what is named. It is journalled, and a run leaves these alone from then on. */
export async function acceptDifferences(
  ctx: Pick<StepContext, 'state' | 'record' | 'config'>,
  command: Extract<Command, {type: 'accept-differences'}>,
  who: Actor,
): Promise<Reply> {
  const refusal = whyRefused(ctx.state(), command, ctx.config.run);
  if (refusal !== null) return {ok: false, message: refusal.why, remedy: refusal.remedy};
  const {objects} = command;
  await ctx.record({type: 'differences.accepted', by: who, objects});
  const left = openDifferences(ctx.state()).length;
  const next = left === 0 ? 'longhaul run (C in the console) ends the run' : `${left} are still open`;
  return {ok: true, message: `accepted: ${objects.join(', ')}; ${next}`};
}

import type {Command, Reply} from '../../domain/run/command.ts';
import {openDifferences} from '../../domain/run/difference.ts';
import type {Actor} from '../../domain/run/event.ts';
import type {StepContext} from '../step.ts';

/** An operator's word that the target stays as it is in what is named. It is journalled, and a run leaves these alone from then on. */
export async function acceptDifferences(
  ctx: Pick<StepContext, 'state' | 'record' | 'config'>,
  {objects, typed}: Extract<Command, {type: 'accept-differences'}>,
  who: Actor,
): Promise<Reply> {
  if (typed !== ctx.config.run)
    return {ok: false, message: 'what was typed is not the name of the run', remedy: `type ${ctx.config.run}`};
  const open = openDifferences(ctx.state()).map(({object}) => object);
  const unknown = objects.filter((object) => !open.includes(object));
  if (unknown.length > 0) {
    return {
      ok: false,
      message: `no difference is open of ${unknown.join(', ')}`,
      remedy: open.length === 0 ? 'nothing is to be accepted' : `open are: ${[...new Set(open)].join(', ')}`,
    };
  }
  await ctx.record({type: 'differences.accepted', by: who, objects});
  const left = openDifferences(ctx.state()).length;
  const next = left === 0 ? 'longhaul run (C in the console) ends the run' : `${left} are still open`;
  return {ok: true, message: `accepted: ${objects.join(', ')}; ${next}`};
}

import {triggerOffObject, triggersOff, type FiringTrigger} from '../../domain/run/back/claimed-back.ts';
import {mirroredClaim} from '../../domain/run/back/mirror.ts';
import {readFiringTriggers, switchTrigger} from '../../pg/capture/reverse.ts';
import type {Action} from '../action.ts';
import {claimFirst} from '../claim-first.ts';
import {readMovedTables} from '../cutover/moved-tables.ts';
import {statementAction} from '../make-action.ts';
import type {StepContext} from '../step.ts';

/** A server that changes are applied to. */
type Side = 'source' | 'target';

/** How it is noted that a trigger is off while changes are applied there. */
function offObject(trigger: FiringTrigger, on: Side): string {
  const object = triggerOffObject(trigger);
  return on === 'target' ? object : mirroredClaim(object);
}

/**
 * Switches off the triggers of a server that fire when changes are applied there (ENABLE ALWAYS and REPLICA); how each was is in the journal first. Their work was done where the row was written, and
 * came with the changes.
 */
export async function planTriggersOff(ctx: StepContext, on: Side): Promise<Action[]> {
  const server = await ctx.session(on);
  const firing = await server.run(readFiringTriggers(await readMovedTables(ctx)));
  return firing.map((trigger) =>
    claimFirst(
      ctx,
      [offObject(trigger, on)],
      statementAction(switchTrigger(trigger, false), {on, session: async () => ctx.session(on)}),
    ),
  );
}

/** Puts the triggers back that were switched off there, each as it was. */
export function planTriggersOn(ctx: StepContext, on: Side): Action[] {
  const {claimed} = ctx.state();
  const off = triggersOff(on === 'target' ? claimed : claimed.map((object) => mirroredClaim(object)));
  return off.map((trigger) => {
    const action = statementAction(switchTrigger(trigger, true), {on, session: async () => ctx.session(on)});
    return {
      ...action,
      execute: async () => {
        await action.execute();
        await ctx.record({type: 'objects.returned', objects: [offObject(trigger, on)]});
      },
    };
  });
}

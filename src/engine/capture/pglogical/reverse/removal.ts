import {backObject, claimedBack} from '../../../../domain/run/back/claimed-back.ts';
import {STRICT_MODE} from '../../../../domain/run/claimed.ts';
import {mirroredClaim} from '../../../../domain/run/back/mirror.ts';
import {resetStrict} from '../../../../pg/capture/pglogical.ts';
import {readPglogicalTarget} from '../../../../pg/capture/pglogical-target.ts';
import {dropSentinel} from '../../../../pg/capture/sentinels.ts';
import {dropReplicationSet} from '../../../../pg/replication/pglogical.ts';
import {readSlots} from '../../../../pg/replication/slots.ts';
import type {Action} from '../../../action.ts';
import {mirrored, turnedAction} from '../../../back/mirrored.ts';
import {dropOne} from '../../../exit/drop-slot.ts';
import {statementAction} from '../../../make-action.ts';
import type {StepContext} from '../../../step.ts';
import {nameLeftTriggers} from '../../dms/left-triggers.ts';
import {planTriggersOn} from '../../triggers-off.ts';
import {planRemovalOf, untilOneFails} from '../plan-removal.ts';

/** How strict mode of the source is claimed. */
export const BACK_STRICT_MODE = mirroredClaim(STRICT_MODE);

const KINDS = ['back-pglogical-subscription', 'back-slot', 'back-set', 'back-sentinel'] as const;

/**
 * Takes the way back off both servers: the subscriptions first, each with its slot. What fails keeps nothing else from it, for the source is production's; a target that does not
 * answer is asked last.
 */
export async function planReverseRemoval(ctx: StepContext): Promise<Action[]> {
  const {claimed} = ctx.state();
  const objects = KINDS.flatMap((kind) => claimedBack(claimed, kind).map((name) => backObject(kind, name)));
  const strict = claimed.includes(BACK_STRICT_MODE);
  if (objects.length === 0 && !strict) return planTriggersOn(ctx, 'source');
  const failures: unknown[] = [];
  const each = [
    ...claimedBack(claimed, 'back-pglogical-subscription').map((name) =>
      planRemovalOf(mirrored(ctx), name).map((action) => turnedAction(action)),
    ),
    strict ? [await unstrict(ctx)] : [],
    planTriggersOn(ctx, 'source'),
    planOfTarget(ctx),
    // Behind the sets that they are in.
    ...planSentinels(ctx),
  ];
  return [
    ...each.flatMap((actions) => untilOneFails(actions, failures)),
    {
      on: 'jump box',
      text: 'note in the journal: the way back is taken off',
      execute: async () => {
        if (failures.length > 0) throw failures[0];
        await ctx.record({type: 'objects.returned', objects: strict ? [...objects, BACK_STRICT_MODE] : objects});
      },
    },
  ];
}

async function unstrict(ctx: StepContext): Promise<Action> {
  const source = await ctx.session('source');
  const {database} = await source.one(readPglogicalTarget(source.version));
  return statementAction(resetStrict(database), {on: 'source', session: async () => ctx.session('source')});
}

function planSentinels(ctx: StepContext): Action[][] {
  return claimedBack(ctx.state().claimed, 'back-sentinel').flatMap((name) =>
    (['source', 'target'] as const).map((on) => [
      statementAction(dropSentinel(name), {on, session: async () => ctx.session(on)}),
    ]),
  );
}

/** Slots that pglogical could not drop, the sets, and a word of the triggers that stay. */
function planOfTarget(ctx: StepContext): Action[] {
  const {claimed} = ctx.state();
  const slots = claimedBack(claimed, 'back-slot');
  const sets = claimedBack(claimed, 'back-set');
  const how = {on: 'target', session: async () => ctx.session('target')} as const;
  return [
    ...slots.map((name): Action => ({
      on: 'target',
      text: `/* where it is still there */ SELECT pg_drop_replication_slot('${name}')`,
      execute: async () => {
        const target = await ctx.session('target');
        const there = await target.run(readSlots(target.version));
        if (there.some((slot) => slot.name === name)) await dropOne(target, name, ctx.sleep);
      },
    })),
    ...sets.map((name) => statementAction(dropReplicationSet(name), how)),
    ...(sets.length === 0 ? [] : [namingTriggers(ctx)]),
  ];
}

function namingTriggers(ctx: StepContext): Action {
  return {
    on: 'jump box',
    text: '/* writes down which triggers of pglogical stay on tables of the target, where they do nothing any more: drop-truncate-triggers-on-target.sql in the run folder */',
    execute: async () => void (await nameLeftTriggers(ctx, await ctx.session('target'), 'target')),
  };
}

import type {JsonObject} from '../../../domain/base/json.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {
  claimedPglogicalSubscriptions,
  claimedTargetNodes,
  pglogicalSubscriptionObject,
  slotObject,
  STRICT_MODE,
} from '../../../domain/run/claimed.ts';
import {
  disablePglogicalSubscription,
  dropPglogicalSubscription,
  endSlotCreation,
  resetStrict,
  type PglogicalSubscription,
} from '../../../pg/capture/pglogical.ts';
import {dropNode, readLocalNode} from '../../../pg/replication/pglogical.ts';
import type {Action} from '../../action.ts';
import {dropOne} from '../../exit/drop-slot.ts';
import {dropOurSlots} from '../../exit/drop-our-slots.ts';
import {executeAll, remark, showStatement, statementAction} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import {waitUntil} from '../../waiting/wait-until.ts';
import {readInstalled} from '../dms/read-installed.ts';
import {readOurSubscriptions, readPglogicalSlots} from './read-subscriptions.ts';

/** Longer than a drop takes that asks the source for its slot. */
const DROP_MS = 30_000;
/** A worker that is told to end does so within this, unless somebody else's lock holds it. */
const END_MS = 30_000;

/** Takes this run's subscriptions off the target, each with its slot and origin. Asks no server where none was claimed. */
export async function planRemoval(ctx: StepContext): Promise<Action[]> {
  const names = claimedPglogicalSubscriptions(ctx.state().claimed);
  if (names.length === 0) return [];
  const there = await readOurSubscriptions(ctx, names);
  const {target} = ctx.config.servers;
  const failures: unknown[] = [];
  return [
    ...there.flatMap(({name}) => untilOneFails(planRemovalOf(ctx, name), failures)),
    ...(ctx.state().claimed.includes(STRICT_MODE)
      ? [
          statementAction(resetStrict(target.params['dbname'] ?? ''), {
            on: 'target',
            session: async () => ctx.session('target'),
          }),
        ]
      : []),
    givingBack(ctx, names, failures),
  ];
}

/** The same actions, of which none is executed behind one that fails; what fails is noted, and keeps nothing else. */
export function untilOneFails(actions: readonly Action[], failures: unknown[]): Action[] {
  let hasFailed = false;
  return actions.map((action) => ({
    ...action,
    execute: async () => {
      if (hasFailed) return;
      try {
        await action.execute();
      } catch (error) {
        hasFailed = true;
        failures.push(error);
      }
    },
  }));
}

/** Those that are gone are the run's no more: one that is called alike later is somebody else's. Then what has failed before is thrown. */
function givingBack(ctx: StepContext, names: readonly string[], failures: readonly unknown[]): Action {
  const objects = names.map((name) => pglogicalSubscriptionObject(name));
  return {
    on: 'jump box',
    text: `note in the journal: ${objects.join(', ')} taken back`,
    execute: async () => {
      const left = (await readOurSubscriptions(ctx, names)).map(({name}) => pglogicalSubscriptionObject(name));
      const gone = [...objects.filter((object) => !left.includes(object)), STRICT_MODE];
      const {claimed} = ctx.state();
      await ctx.record({type: 'objects.returned', objects: gone.filter((object) => claimed.includes(object))});
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** Takes one subscription off the target. One that an earlier try has dropped keeps nothing else from it. */
export function planRemovalOf(ctx: StepContext, name: string): Action[] {
  const drop = dropPglogicalSubscription(name);
  const disable = disablePglogicalSubscription(name);
  const limits = {timeoutMs: DROP_MS};
  return [
    {
      on: 'target',
      text: remark('where it is still there', showStatement(disable)),
      execute: async () => {
        const there = await readOurSubscriptions(ctx, [name]);
        if (there.length > 0) await (await ctx.session('target')).run(disable);
      },
    },
    ending(ctx, name),
    {
      on: 'target',
      text: remark('with its slot and its origin', showStatement(drop)),
      execute: async () => {
        const [one] = await readOurSubscriptions(ctx, [name]);
        if (one === undefined) return;
        await (await ctx.session('target')).run(drop, limits);
        await mustBeGone(ctx, one);
      },
    },
  ];
}

/** Waits until no worker is left; one that still makes its slot hears of nothing, and dropping it would hang for ever. */
function ending(ctx: StepContext, name: string): Action {
  const end = endSlotCreation(name);
  return {
    on: 'source',
    text: remark('where it is still making its slot; then waits until no worker is left', showStatement(end)),
    execute: async () => {
      const still = async (): Promise<PglogicalSubscription | null> => {
        const [one] = await readOurSubscriptions(ctx, [name]);
        return one !== undefined && one.workerPid !== null ? one : null;
      };
      const gone = await waitUntil(ctx, END_MS, async () => {
        const one = await still();
        if (one === null) return true;
        if (one.initializing) await (await ctx.session('source')).run(end);
        return null;
      });
      if (gone !== null) return;
      const one = await still();
      throw new LonghaulError({
        code: 'failed',
        message: `the worker of subscription ${name}, pid ${one?.workerPid ?? '?'} on the target, does not end${one === null || one.waitsFor.length === 0 ? '' : `: it waits for pid ${one.waitsFor.join(', ')}`}`,
        remedy:
          "end what it waits for on the target, never one of pglogical's own processes; then the same command again",
      });
    },
  };
}

/** Where pglogical cannot drop the slot it only warns, and the slot would fill the disk of the source. */
async function mustBeGone(ctx: StepContext, {slot}: PglogicalSubscription): Promise<void> {
  const slots = await readPglogicalSlots(ctx);
  if (!slots.some(({name}) => name === slot)) return;
  await dropOne(await ctx.session('source'), slot, ctx.sleep);
}

/**
 * What abort does: subscriptions, slots that are left, the node that hangs on nothing any more. Of a target that does not answer, or keeps something, the slots are dropped
 * all the same: they would fill the disk of production.
 */
export async function undoSubscriptions(ctx: StepContext): Promise<JsonObject> {
  try {
    return await undoBoth(ctx);
  } catch (error) {
    await dropOurSlots(ctx).catch(() => undefined);
    throw error;
  }
}

async function undoBoth(ctx: StepContext): Promise<JsonObject> {
  const {claimed} = ctx.state();
  const names = claimedPglogicalSubscriptions(claimed);
  const nodes = claimedTargetNodes(claimed);
  if (names.length + nodes.length === 0) return {};
  const there = await readOurSubscriptions(ctx, names);
  await executeAll(await planRemoval(ctx));
  const target = await ctx.session('target');
  const [node] = await readInstalled(target, readLocalNode());
  const isOurs = node !== undefined && nodes.includes(node.name);
  if (isOurs) await target.run(dropNode(node.name));
  const {droppedSlots = []} = await dropOurSlots(ctx);
  const slots = there.map(({slot}) => slot).filter((slot) => claimed.includes(slotObject(slot)));
  return {
    droppedSubscriptions: there.map(({name}) => name),
    droppedSlots: [...new Set([...slots, ...(Array.isArray(droppedSlots) ? droppedSlots : [])])],
    droppedTargetNode: isOurs ? node.name : null,
  };
}

import type {Lsn} from '../../../../domain/pg/lsn.ts';
import {pglogicalSubscriptionObject, slotObject, targetNodeObject} from '../../../../domain/run/claimed.ts';
import type {Evidence} from '../../../../domain/run/evidence/step-evidence.ts';
import {insertSetOf, updateSetOf} from '../../../../domain/pg/slot-plan.ts';
import {
  createPglogicalSubscription,
  createTargetNode,
  disablePglogicalSubscription,
} from '../../../../pg/capture/pglogical.ts';
import {readLocalNode, readSetMembers, removeTableFromSet} from '../../../../pg/replication/pglogical.ts';
import {readPrimaryPosition} from '../../../../pg/replication/slots.ts';
import type {Statement} from '../../../../pg/session/statement.ts';
import type {Action} from '../../../action.ts';
import {claimFirst} from '../../../claim-first.ts';
import {executeAll, showStatement, statementAction} from '../../../make-action.ts';
import {checkAfterLoad} from '../../../run/needs.ts';
import type {Step, StepContext} from '../../../step.ts';
import {readInstalled} from '../../dms/read-installed.ts';
import {runHushed} from '../../run-hushed.ts';
import {judgePrepared, type Prepared} from './judge-prepared.ts';
import {pglogicalDsns, withoutPasswords} from '../pglogical-dsn.ts';
import {planRemovalOf, undoSubscriptions} from '../plan-removal.ts';
import {plannedNames, readOurSubscriptions, readPglogicalSlots} from '../read-subscriptions.ts';
import {waitForSlot, waitUntilUnread} from './wait-for-slot.ts';

/**
 * Makes the target a node and a subscription for every slot, against sets that are still empty: while it is enabled it would apply what is in them. Each is disabled
 * once it has made its slot, whose name is read.
 */
export const prepareCdc: Step<'prepare-cdc'> = {
  id: 'prepare-cdc',
  phase: 'anchor',
  title: 'subscribe the target to sets that are still empty, and disable that',
  why: 'a subscription makes its slot by itself, and one that is made after P begins after P; with tables in its sets it would apply rows before the load',
  source: 'facts/cdc.md, §1.1',
  confirm: 'typed',

  async check(ctx) {
    const over = await checkAfterLoad(ctx);
    if (over !== null) return over;
    const seen = await readSeen(ctx);
    const findings = judgePrepared(ctx, seen);
    const isWhole = seen.node !== null && seen.planned.every((name) => isReady(ctx, seen, name));
    return {done: isWhole && findings.length === 0 ? await evidence(ctx, seen) : null, findings};
  },

  plan: planPreparation,

  async run(ctx) {
    await executeAll(await planPreparation(ctx));
    return evidence(ctx, await readSeen(ctx));
  },

  undo: undoSubscriptions,
};

async function readSeen(ctx: StepContext): Promise<Prepared> {
  const planned = await plannedNames(ctx);
  const [node] = await readInstalled(await ctx.session('target'), readLocalNode());
  return {
    planned,
    node: node?.name ?? null,
    subscriptions: await readOurSubscriptions(ctx, planned),
    slots: await readPglogicalSlots(ctx),
  };
}

/** Whether a subscription has made its slot, is disabled, and is in the journal with it. */
function isReady(ctx: StepContext, {subscriptions, slots}: Prepared, name: string): boolean {
  const one = subscriptions.find((subscription) => subscription.name === name);
  const slot = slots.find((there) => there.name === one?.slot);
  return one?.enabled === false && slot?.active === false && ctx.state().claimed.includes(slotObject(one.slot));
}

/** What the target's node is called: the source's is another. */
export function targetNodeName({cdc}: StepContext['config']): string {
  return `${cdc.nodeName.slice(0, 56)}_target`;
}

async function planPreparation(ctx: StepContext): Promise<Action[]> {
  const seen = await readSeen(ctx);
  const names = seen.planned.filter((name) => !isReady(ctx, seen, name));
  const broken = seen.subscriptions.filter(
    ({name, slot, initializing}) =>
      names.includes(name) && !initializing && !seen.slots.some((there) => there.name === slot),
  );
  const isThere = (name: string): boolean =>
    seen.subscriptions.some((one) => one.name === name) && !broken.some((one) => one.name === name);
  const missing = names.filter((name) => !isThere(name));
  return [
    ...(seen.node === null ? [makingNode(ctx)] : []),
    ...(await emptying(ctx, missing)),
    // Without its slot it would make another one, once the tables are in its sets.
    ...broken.flatMap(({name}) => planRemovalOf(ctx, name)),
    ...names.flatMap((name, done) => [
      ...(missing.includes(name) ? [creating(ctx, name, missing)] : []),
      waitForSlot(ctx, {name, done, total: names.length}),
      statementAction(disablePglogicalSubscription(name), {on: 'target', session: async () => ctx.session('target')}),
      noting(ctx, name),
    ]),
  ];
}

function makingNode(ctx: StepContext): Action {
  const name = targetNodeName(ctx.config);
  const create = createTargetNode(name, pglogicalDsns(ctx.config).target);
  return claimFirst(ctx, [targetNodeObject(name)], {
    on: 'target',
    text: showStatement(create),
    execute: async () => runMasked(ctx, create),
  });
}

/** After a release the tables are still in their sets; they are put there again behind the slots. */
async function emptying(ctx: StepContext, missing: readonly string[]): Promise<Action[]> {
  const sets = missing.flatMap((name) => [updateSetOf(name), insertSetOf(name)]);
  const members = await readInstalled(await ctx.session('source'), readSetMembers());
  return members
    .filter(({set}) => sets.includes(set))
    .map(({set, schema, name}) =>
      statementAction(removeTableFromSet(set, {schema, name}), {
        on: 'source',
        session: async () => ctx.session('source'),
      }),
    );
}

function creating(ctx: StepContext, name: string, missing: readonly string[]): Action {
  const {source} = pglogicalDsns(ctx.config);
  const create = createPglogicalSubscription({name, ...source, sets: [updateSetOf(name), insertSetOf(name)]});
  const action: Action = {
    on: 'target',
    text: showStatement(create),
    execute: async () => runMasked(ctx, create),
  };
  const objects = missing.map((one) => pglogicalSubscriptionObject(one));
  return claimFirst(ctx, objects, action);
}

/** Passwords are in its text: it is in no log of the target, as far as the role may, and in no message of ours. */
async function runMasked(ctx: StepContext, statement: Statement): Promise<void> {
  const session = await ctx.session('target');
  await runHushed(session, statement, (error) => {
    const {source, target} = pglogicalDsns(ctx.config);
    return withoutPasswords(
      error,
      ctx.config,
      `the target's server must reach the source as ${source.shownDsn}, and itself as ${target.shownDsn}: cdc.source_for_target and cdc.target_for_itself in longhaul.yaml name other ways; see pg_hba.conf on both; then longhaul run`,
    );
  });
}

/** Once nobody reads it, the slot stays where it is; by its claim it is the run's own, and dropped with it. */
function noting(ctx: StepContext, name: string): Action {
  return {
    on: 'source',
    text: '/* waits until nobody reads the slot, and notes its name */ SELECT slot_name FROM pg_replication_slots WHERE active',
    execute: async () => {
      const [one] = await readOurSubscriptions(ctx, [name]);
      if (one === undefined) throw new Error(`bug: subscription ${name} is gone while it is prepared`);
      await waitUntilUnread(ctx, name, one.slot);
      if (!ctx.state().claimed.includes(slotObject(one.slot)))
        await ctx.record({type: 'objects.claimed', objects: [slotObject(one.slot)]});
    },
  };
}

/** 9.4 and 9.5 do not show where a slot is: where the primary inserts by now is at or after it. */
async function evidence(ctx: StepContext, seen: Prepared): Promise<Evidence<'prepare-cdc'>> {
  const source = await ctx.session('source');
  const {insertLsn, clock} = await source.one(readPrimaryPosition(source.version));
  const known = new Map<string, Lsn>(
    ctx.state().evidence['prepare-cdc']?.slots?.map(({name, confirmedFlushLsn}) => [name, confirmedFlushLsn]),
  );
  const slots = seen.planned.flatMap((planned) => {
    const name = seen.subscriptions.find((one) => one.name === planned)?.slot;
    const slot = seen.slots.find((one) => one.name === name);
    if (slot === undefined) return [];
    const confirmedFlushLsn = known.get(slot.name) ?? slot.confirmedFlushLsn ?? insertLsn;
    return [{name: slot.name, planned, restartLsn: slot.restartLsn, confirmedFlushLsn}];
  });
  return {slots, clock, ...(seen.node === null ? {} : {node: seen.node})};
}

import {formatRelation, quoteRelation} from '../../../../domain/pg/relation.ts';
import type {PlannedSlot} from '../../../../domain/pg/slot-plan.ts';
import {backObject, claimedBack} from '../../../../domain/run/back/claimed-back.ts';
import {claimedNodes, pglogicalSubscriptionObject, slotObject} from '../../../../domain/run/claimed.ts';
import {createPglogicalSubscription, setStrict} from '../../../../pg/capture/pglogical.ts';
import {readOtherSubscriptions, readOwnInterface, replaceOwnInterface} from '../../../../pg/capture/pglogical-back.ts';
import {readPglogicalTarget} from '../../../../pg/capture/pglogical-target.ts';
import {readPublishable} from '../../../../pg/capture/publications.ts';
import {SENTINEL_SCHEMA} from '../../../../pg/capture/sentinels.ts';
import {
  addTableToSet,
  createReplicationSet,
  readReplicationSets,
  readSetMembers,
} from '../../../../pg/replication/pglogical.ts';
import type {Statement} from '../../../../pg/session/statement.ts';
import type {Action} from '../../../action.ts';
import {mirrored, turnedAction} from '../../../back/mirrored.ts';
import {claimFirst} from '../../../claim-first.ts';
import {remark, showStatement, statementAction} from '../../../make-action.ts';
import type {StepContext} from '../../../step.ts';
import {patiently, TRIES} from '../../../waiting/patiently.ts';
import {readInstalled} from '../../dms/read-installed.ts';
import {dsnOf, reverseDsn} from '../../native/subscription-dsn.ts';
import {plannedSets} from '../../objects.ts';
import {planBackSentinels} from '../../sentinels/back-sentinels.ts';
import {wantedMemberships, type Membership} from '../../wanted-memberships.ts';
import {runHushed} from '../../run-hushed.ts';
import {readBackPlan} from '../../../back/read-back-plan.ts';
import {waitForSlot} from '../anchor/wait-for-slot.ts';
import {withoutPasswords} from '../pglogical-dsn.ts';
import {planRemovalOf} from '../plan-removal.ts';
import {readOurSubscriptions, readPglogicalSlots} from '../read-subscriptions.ts';
import {readStrictness} from '../start/strict-mode.ts';
import {isParked, planPark} from './park.ts';
import {BACK_STRICT_MODE} from './removal.ts';

/**
 * All of the way back, while changes still come forward: its sentinels, the sets on the target with their tables, and the source's subscriptions, parked: they ask for nothing until start-reverse.
 * Making these is the proof that the source's server reaches the target.
 */
export async function planReversePrepare(ctx: StepContext): Promise<Action[]> {
  const slots = await readBackPlan(ctx);
  return [
    ...(await planBackSentinels(ctx, slots)),
    ...(await planSets(ctx, slots)),
    ...(await planMembers(ctx, slots)),
    ...(await planOwnWay(ctx)),
    ...(await planStrict(ctx, slots)),
    ...(await planSubscriptions(ctx, slots)).map((action) => turnedAction(action)),
  ];
}

/** What pglogical has called the slots on the target. */
export async function readBackSlots(ctx: StepContext): Promise<{name: string; planned: string}[]> {
  const names = claimedBack(ctx.state().claimed, 'back-pglogical-subscription');
  return (await readOurSubscriptions(mirrored(ctx), names)).map(({name, slot}) => ({name: slot, planned: name}));
}

async function planSets(ctx: StepContext, slots: readonly PlannedSlot[]): Promise<Action[]> {
  const there = new Set(
    (await readInstalled(await ctx.session('target'), readReplicationSets())).map(({name}) => name),
  );
  const missing = plannedSets(slots).filter(({name}) => !there.has(name));
  const objects = missing.map(({name}) => backObject('back-set', name));
  const how = {on: 'target', session: async () => ctx.session('target')} as const;
  return missing.map((set) => claimFirst(ctx, objects, statementAction(createReplicationSet(set), how)));
}

/** Of a sentinel only the inserts: those that are taken away come to nobody. */
async function planMembers(ctx: StepContext, slots: readonly PlannedSlot[]): Promise<Action[]> {
  const target = await ctx.session('target');
  const tables = (await target.run(readPublishable())).map((row) => ({
    relation: {schema: row.schema, name: row.name},
    // pglogical takes REPLICA IDENTITY FULL for none.
    hasReplicaKey: row.hasIdentity && !row.isFull && row.schema !== SENTINEL_SCHEMA,
  }));
  const {memberships} = wantedMemberships({slots}, {tables});
  const there = new Set(
    (await readInstalled(target, readSetMembers())).map((one) => `${one.set} ${quoteRelation(one)}`),
  );
  const missing = memberships.filter(({set, table}) => !there.has(`${set} ${quoteRelation(table)}`));
  return missing.map((one, done) => addingOne(ctx, one, {done, total: missing.length}));
}

function addingOne(ctx: StepContext, {set, table}: Membership, {done, total}: {done: number; total: number}): Action {
  const add = addTableToSet(set, table);
  const wait = {
    what: `${formatRelation(table)} to ${set}`,
    done,
    total,
    step: 'prepare-reverse',
    on: 'target',
  } as const;
  return {
    on: 'target',
    text: remark(`again, up to ${TRIES} times in all, while its lock cannot be taken`, showStatement(add)),
    execute: async () => patiently(ctx, wait, add),
  };
}

/**
 * How the source's server reaches itself, which create_subscription tries: create-node has left the password out of its catalog. Somebody else's node stays as it is.
 */
async function planOwnWay(ctx: StepContext): Promise<Action[]> {
  const [own] = await readInstalled(await ctx.session('source'), readOwnInterface());
  const wanted = dsnOf(ctx.config.servers.source, ctx.config.cdc.nodeDsn);
  if (own === undefined || own.dsn === wanted.dsn || !claimedNodes(ctx.state().claimed).includes(own.node)) return [];
  const replace = replaceOwnInterface(own, wanted);
  return [{on: 'source', text: showStatement(replace), execute: async () => runMasked(ctx, replace)}];
}

/** What would be for all subscriptions of the source is set only where it has none but these. */
async function planStrict(ctx: StepContext, slots: readonly PlannedSlot[]): Promise<Action[]> {
  const strictness = await readStrictness(mirrored(ctx));
  if (strictness.is || !strictness.canBe) return [];
  const source = await ctx.session('source');
  const names = slots.map(({name}) => name);
  if ((await readInstalled(source, readOtherSubscriptions(names))).length > 0) return [];
  const {database} = await source.one(readPglogicalTarget(source.version));
  const strict = statementAction(setStrict(database), {on: 'source', session: async () => ctx.session('source')});
  return [claimFirst(ctx, [BACK_STRICT_MODE], strict)];
}

/** In the other direction, in which the source is the target. */
async function planSubscriptions(own: StepContext, planned: readonly PlannedSlot[]): Promise<Action[]> {
  const ctx = mirrored(own);
  const names = planned.map(({name}) => name);
  const seen = await readOurSubscriptions(ctx, names);
  const slots = (await readPglogicalSlots(ctx)).map(({name}) => name);
  const {claimed} = ctx.state();
  const isMade = ({slot, initializing}: (typeof seen)[number]): boolean =>
    !initializing && slots.includes(slot) && claimed.includes(slotObject(slot));
  const broken = seen.filter(({slot, initializing}) => !initializing && !slots.includes(slot));
  const there = seen.filter((one) => !broken.includes(one)).map(({name}) => name);
  const toMake = names.filter((name) => !seen.some((one) => one.name === name && isMade(one)));
  return [
    ...broken.flatMap(({name}) => planRemovalOf(ctx, name)),
    ...toMake.flatMap((name, done) => [
      ...(there.includes(name) ? [] : [creating(ctx, own, name)]),
      waitForSlot(ctx, {name, done, total: toMake.length, step: 'prepare-reverse'}),
      noting(ctx, name),
    ]),
    ...planPark(
      ctx,
      seen.filter((one) => isMade(one) && !isParked(one)),
    ),
  ];
}

/** It asks for no set: what is in them would be applied from its first moment on. */
function creating(ctx: StepContext, own: StepContext, name: string): Action {
  const create = createPglogicalSubscription({name, ...reverseDsn(ctx.config), sets: []});
  return claimFirst(ctx, [pglogicalSubscriptionObject(name)], {
    on: 'target',
    text: remark("the server connects to the other one for it, and to itself by its node's dsn", showStatement(create)),
    execute: async () => runMasked(own, create),
  });
}

/** By its claim the slot is the run's own, and is dropped where pglogical does not. */
function noting(ctx: StepContext, name: string): Action {
  return {
    on: 'jump box',
    text: `note in the journal: what the slot of ${name} is called`,
    execute: async () => {
      const [one] = await readOurSubscriptions(ctx, [name]);
      if (one === undefined) throw new Error(`bug: subscription ${name} is gone while it is prepared`);
      if (!ctx.state().claimed.includes(slotObject(one.slot)))
        await ctx.record({type: 'objects.claimed', objects: [slotObject(one.slot)]});
    },
  };
}

/** Passwords are in its values: it is in no log of the source, as far as the role may, and in no message of ours. */
async function runMasked(ctx: StepContext, statement: Statement): Promise<void> {
  const source = await ctx.session('source');
  await runHushed(source, statement, (error) => {
    const to = reverseDsn(ctx.config).shownDsn;
    const itself = dsnOf(ctx.config.servers.source, ctx.config.cdc.nodeDsn).shownDsn;
    return withoutPasswords(
      error,
      ctx.config,
      `the source's server must reach the target as ${to}, and itself as ${itself}: cutover.target_for_source and cdc.node_dsn in longhaul.yaml name other ways; see pg_hba.conf on both, and that a source of before 10 finds the role's password kept as md5; or set cutover.reverse: no`,
    );
  });
}

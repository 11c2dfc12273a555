import type {Finding} from '../../../domain/run/finding.ts';
import {quoteLiteral} from '../../../domain/pg/identifier.ts';
import {
  createReplicationSet,
  dropReplicationSet,
  readReplicationSets,
  type ReplicationSet,
} from '../../../pg/replication/pglogical.ts';
import {checkAfterLoad, isBehindP} from '../../run/needs.ts';
import {claimedSets, setObject} from '../../../domain/run/claimed.ts';
import {plannedSets} from '../objects.ts';
import {readPlan} from '../../plan/plan-file.ts';
import {nameLeftTriggers} from './left-triggers.ts';
import {readInstalled} from './read-installed.ts';
import {claimFirst} from '../../claim-first.ts';
import {executeAll, statementAction} from '../../make-action.ts';
import type {Step, StepContext} from '../../step.ts';

/** Creates the pair of replication sets of every slot. */
export const createReplicationSets: Step<'create-replication-sets'> = {
  id: 'create-replication-sets',
  phase: 'anchor',
  title: 'create two replication sets per slot',
  why: 'DMS asks a slot for the changes of exactly two sets, named like the slot; without them it captures nothing',
  source: 'runbook, step 3',
  confirm: 'no',

  async check(ctx) {
    const over = await checkAfterLoad(ctx);
    if (over !== null) return over;
    const {planned, existing} = await readPlanned(ctx);
    if (isBehindP(ctx, 'create-replication-sets')) return {done: {sets: planned.map((set) => set.name)}, findings: []};
    const findings = existing.flatMap((set) => judgeSet(set, planned, ctx.state().claimed));
    const done = existing.length === planned.length && findings.length === 0;
    return {done: done ? {sets: planned.map((set) => set.name)} : null, findings};
  },

  async plan(ctx) {
    const {planned, existing} = await readPlanned(ctx);
    const missing = planned.filter((set) => !existing.some((there) => there.name === set.name));
    const objects = missing.map((set) => setObject(set.name));
    return missing.map((set) => {
      const create = createReplicationSet(set);
      return claimFirst(
        ctx,
        objects,
        statementAction(create, {on: 'source', session: async () => ctx.session('source')}),
      );
    });
  },

  async run(ctx) {
    await executeAll(await this.plan(ctx));
    const {planned} = await readPlanned(ctx);
    return {sets: planned.map((set) => set.name)};
  },

  async undo(ctx) {
    const claimed = ctx.state().claimed;
    if (claimedSets(claimed).length === 0) return {droppedSets: []};
    const source = await ctx.session('source');
    const there = await readInstalled(source, readReplicationSets());
    const sets = there.filter((set) => claimed.includes(setObject(set.name)));
    for (const set of sets) await source.run(dropReplicationSet(set.name));
    return {droppedSets: sets.map((set) => set.name), ...(await nameLeftTriggers(ctx, source))};
  },
};

async function readPlanned(ctx: StepContext): Promise<{planned: ReplicationSet[]; existing: ReplicationSet[]}> {
  const planned = plannedSets((await readPlan(ctx)).slots.slots);
  const sets = await readInstalled(await ctx.session('source'), readReplicationSets());
  return {planned, existing: sets.filter((set) => planned.some((want) => want.name === set.name))};
}

/** What is wrong with a set that has one of the planned names. Pure. */
export function judgeSet(
  set: ReplicationSet,
  planned: readonly ReplicationSet[],
  claimed: readonly string[],
): Finding[] {
  const want = planned.find((one) => one.name === set.name);
  const same =
    want !== undefined &&
    want.inserts === set.inserts &&
    want.updates === set.updates &&
    want.deletes === set.deletes &&
    want.truncates === set.truncates;
  const wrong =
    (!claimed.includes(setObject(set.name)) && 'was there before this run') ||
    (!same && 'does not carry what it must (inserts, updates, deletes, truncates differ)');
  if (wrong === false) return [];
  return [
    {
      check: 'create-replication-sets.taken',
      severity: 'blocker',
      subject: setObject(set.name),
      seen: `the replication set ${set.name} ${wrong}`,
      remedy: `set another slots.prefix in longhaul.yaml; or, when nobody needs it, on the source, as superuser: SELECT pglogical.drop_replication_set(${quoteLiteral(set.name).trim()})`,
    },
  ];
}

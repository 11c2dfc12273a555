import type {Finding} from '../../../domain/run/finding.ts';
import type {Lsn} from '../../../domain/pg/lsn.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {addTableToSet, readSetMembers, removeTableFromSet} from '../../../pg/replication/pglogical.ts';
import {readPrimaryPosition} from '../../../pg/replication/slots.ts';
import type {Statement} from '../../../pg/session/statement.ts';
import {anchorPositions} from '../anchor-positions.ts';
import {readPlannedNow} from '../guard/slots-there.ts';
import {readInventoryFile} from '../../inventory/inventory-file.ts';
import {checkAfterLoad, isBehindP} from '../../run/needs.ts';
import {setObject} from '../../../domain/run/claimed.ts';
import {readPlan} from '../../plan/plan-file.ts';
import {checkTablesChange} from '../../plan/tables-now.ts';
import {readInstalled} from './read-installed.ts';
import type {Action} from '../../action.ts';
import {executeAll, remark, showStatement} from '../../make-action.ts';
import type {Step, StepContext} from '../../step.ts';
import {patiently, TRIES, type LockWait} from '../../waiting/patiently.ts';
import {wantedMemberships, type Membership} from '../wanted-memberships.ts';

/** Puts every table into the sets of its slot and notes A, the primary's position after the last one. */
export const addTables: Step<'add-tables'> = {
  id: 'add-tables',
  phase: 'anchor',
  title: 'add the tables to their replication sets',
  why: 'membership counts from the change on: a table added after P misses what lies between',
  source: 'runbook, step 4',
  confirm: 'typed',

  async check(ctx) {
    const over = await checkAfterLoad(ctx);
    if (over !== null) return over;
    const {afterTables} = anchorPositions(ctx.state());
    if (afterTables !== null && isBehindP(ctx, 'add-tables'))
      return {done: await evidence(ctx, afterTables), findings: []};
    const {missing, stale, insertOnly} = await readMembers(ctx);
    const changed = await checkTablesChange(ctx, 'add-tables');
    const done = missing.length + stale.length + changed.length === 0;
    return {
      // A second check finds the position of now, which the paused replica may lie before.
      done: done ? await evidence(ctx, afterTables) : null,
      findings: [
        ...changed,
        ...insertOnly.map((table): Finding => ({
          check: 'add-tables.no-key',
          severity: 'warning',
          subject: `table ${formatRelation(table)}`,
          seen: 'the WAL does not name its rows by a key (no primary key, a deferrable one, or REPLICA IDENTITY FULL or NOTHING): pglogical carries its inserts and truncates, not its updates and deletes',
          remedy:
            'give it a primary key and REPLICA IDENTITY DEFAULT on the source before the run, or stop updating and deleting in it until cutover',
        })),
      ],
    };
  },

  async plan(ctx) {
    const {missing, stale} = await readMembers(ctx);
    return [
      ...stale.map(({set, table}, done) => {
        const what = `${formatRelation(table)} out of ${set}`;
        return patient(ctx, {what, done, total: stale.length}, removeTableFromSet(set, table));
      }),
      ...missing.map((membership, done) => addOne(ctx, membership, {done, total: missing.length})),
    ];
  },

  async run(ctx) {
    await executeAll(await this.plan(ctx));
    return evidence(ctx, null);
  },
};

function addOne(ctx: StepContext, {set, table}: Membership, {done, total}: {done: number; total: number}): Action {
  const what = `${formatRelation(table)} to ${set}`;
  const add = patient(ctx, {what, done, total}, addTableToSet(set, table));
  const execute = async (): Promise<void> => {
    await ctx.record({type: 'step.progressed', step: 'add-tables', done, total, what});
    await add.execute();
  };
  return {...add, execute};
}

/** `stale` are memberships in this run's sets that the plan does not want, of an earlier plan: its rows would come twice. */
interface Members {
  readonly missing: readonly Membership[];
  readonly stale: readonly Membership[];
  readonly insertOnly: readonly RelationName[];
}

async function readMembers(ctx: StepContext): Promise<Members> {
  const {memberships, insertOnly} = await readWanted(ctx);
  const members = await readInstalled(await ctx.session('source'), readSetMembers());
  const wanted = new Set(memberships.map(({set, table}) => keyOf(set, table)));
  const there = new Set(members.map((member) => keyOf(member.set, member)));
  const {claimed, boundaryProved} = ctx.state();
  const ours = new Set(claimed);
  // Behind P one may be called otherwise than in the plan: taken out, it would be captured no more.
  const stale = boundaryProved
    ? []
    : members.filter((member) => ours.has(setObject(member.set)) && !wanted.has(keyOf(member.set, member)));
  return {
    missing: memberships.filter(({set, table}) => !there.has(keyOf(set, table))),
    stale: stale.map(({set, schema, name}) => ({set, table: {schema, name}})),
    insertOnly,
  };
}

async function readWanted(ctx: StepContext): Promise<{memberships: Membership[]; insertOnly: RelationName[]}> {
  const planned = await readPlannedNow(ctx, (await readPlan(ctx)).slots.slots);
  return wantedMemberships(planned, await readInventoryFile(ctx));
}

/** One statement that locks the table, and that may be tried again. */
function patient(ctx: StepContext, wait: Pick<LockWait, 'what' | 'done' | 'total'>, statement: Statement): Action {
  return {
    on: 'source',
    text: remark(`again, up to ${TRIES} times in all, while its lock cannot be taken`, showStatement(statement)),
    execute: async () => patiently(ctx, {...wait, step: 'add-tables', on: 'source'}, statement),
  };
}

/** A: every membership was committed before this position, so a P at or after it sees them all. */
async function evidence(ctx: StepContext, known: Lsn | null) {
  const source = await ctx.session('source');
  const {insertLsn, clock} = await source.one(readPrimaryPosition(source.version));
  const {memberships, insertOnly} = await readWanted(ctx);
  return {
    afterTablesLsn: known ?? insertLsn,
    clock,
    memberships: memberships.length,
    insertOnly: insertOnly.map((table) => formatRelation(table)),
  };
}

function keyOf(set: string, table: RelationName): string {
  return `${set} ${quoteRelation(table)}`;
}

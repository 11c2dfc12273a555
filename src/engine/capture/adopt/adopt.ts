import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {isOwnSentinel} from '../../../domain/run/capture/sentinel-table.ts';
import type {ShownAction} from '../../../domain/run/command.ts';
import {slotsNow} from '../../../domain/pg/slot-plan.ts';
import {
  formatRelation,
  parseRelation,
  quoteRelation,
  sameRelation,
  type RelationName,
} from '../../../domain/pg/relation.ts';
import {lockAgainstWriters} from '../../../pg/capture/adoption.ts';
import {readPublishable} from '../../../pg/capture/publications.ts';
import {createSentinel, SENTINEL_SCHEMA, sentinelTable} from '../../../pg/capture/sentinels.ts';
import {readTables} from '../../../pg/catalog/inventory.ts';
import type {Action} from '../../action.ts';
import {remark, showStatement} from '../../make-action.ts';
import {readPlan} from '../../plan/plan-file.ts';
import type {StepContext} from '../../step.ts';
import type {Adoption, LiveCapture, TakenIn} from '../capture.ts';
import {captureOf} from '../own-capture.ts';
import {chooseSlot, slotOf} from './choose-slot.ts';
import {scriptFor} from './copy-table.ts';

/** A table that is to be taken in, with all that was read for it. */
export interface Adopting extends TakenIn {
  readonly live: LiveCapture;
  readonly adoption: Adoption;
}

/** Reads what is needed to adopt a table. Throws where it cannot be adopted. */
export async function readAdopting(ctx: StepContext, name: string): Promise<Adopting> {
  const table = parseRelation(name);
  if (table === null) throw notAdoptable(name, 'it is no table with its schema');
  const capture = captureOf(ctx);
  const adoption = capture?.live.adoption ?? null;
  if (capture === null || adoption === null)
    throw notAdoptable(name, capture?.live.cannot.adopt ?? 'change capture was not started by this run');
  const source = await ctx.session('source');
  const there = await source.run(readTables(source.version));
  const own = there.find((one) => sameRelation(one, table));
  const isSentinel = isOwnSentinel(table, ctx.state().claimed);
  // A sentinel's table that is gone is made anew.
  if (own === undefined && !isSentinel) throw notAdoptable(name, 'the source has it no more');
  if (own?.persistence === 'u') throw isUnlogged(table);
  const unfit = await capture.live.readOtherKinds?.(await ctx.session('target'), [table]);
  if (unfit !== undefined && unfit.length > 0) throw isOtherKind(table);
  const identity = (await source.run(readPublishable())).find((one) => sameRelation(one, table));
  // Its parent, and its parent's other children.
  const {parentSchema = null, parentName = null} = own ?? {};
  const family = there.filter(
    (one) => parentName !== null && one.parentSchema === parentSchema && one.parentName === parentName,
  );
  const parent = parentSchema === null || parentName === null ? [] : [{schema: parentSchema, name: parentName}];
  const {slots} = (await readPlan(ctx)).slots;
  const ours = slotsNow(slots, ctx.state().capture).filter(({name: one}) => capture.slots.includes(one));
  // One that was taken out of its slot, or differs, is adopted into the slot that it has.
  const slot = slotOf(ours, table) ?? chooseSlot(ours, table, [...parent, ...family]);
  if (slot === null) throw notAdoptable(name, 'there is no slot to put it into');
  if (table.schema === SENTINEL_SCHEMA && table.name !== slot)
    throw notAdoptable(name, 'it has no sentinels of a slot that changes come through now');
  const pausedBy = ctx.state().capture.paused.find((one) => one.slot === slot)?.by;
  // It never comes to the sentinel that it is to be held at.
  if (pausedBy !== undefined)
    throw new LonghaulError({
      code: 'failed',
      message: `${slot}, which ${name} goes into, is paused, by ${pausedBy}`,
      remedy: `longhaul cdc resume ${slot}; then give the command again`,
    });
  const others = capture.slots.filter((one) => one !== slot);
  const {hasIdentity = isSentinel, isFull = false} = identity ?? {};
  return {table, slot, others, hasIdentity, isFull, live: capture.live, adoption};
}

/** What adopting a table would run, in order; the snapshot is known only on the way. */
export async function planAdoption(ctx: StepContext, name: string): Promise<readonly ShownAction[]> {
  const adopting = await readAdopting(ctx, name);
  const {table, slot, adoption} = adopting;
  const {actions: whole} = await adoption.planWhole(ctx, slot);
  if (table.schema === SENTINEL_SCHEMA) return [...whole.map(shown), ...(await planSentinels(ctx, adopting))];
  const passing = (await adoption.planPassingOver?.(ctx, slot, table))?.actions ?? [];
  const copy = await scriptFor(ctx, table, {pid: 0, snapshot: 'SNAPSHOT'});
  const {statements} = await adoption.adding(ctx, adopting);
  const known: readonly Action[] = await adoption.planKnown(ctx, slot, table);
  return [
    ...whole.map(shown),
    {
      on: 'jump box',
      text: `pg_dump --schema-only of ${formatRelation(table)}, and psql on the target, where it is missing there`,
    },
    ...passing.map(shown),
    {
      on: 'target',
      text: remark(
        `holds ${slot} at a sentinel until the copy is in`,
        showStatement(lockAgainstWriters(sentinelTable(slot))),
      ),
    },
    {on: 'source', text: remark('waits for its writers; for a moment', showStatement(lockAgainstWriters(table)))},
    ...statements.map((statement) => ({on: 'source' as const, text: showStatement(statement)})),
    {on: 'jump box', text: `psql on the source | psql on the target:\n${copy}`},
    {on: 'target', text: '/* compares every row with the snapshot */'},
    ...known.map(shown),
    {on: 'target', text: '/* builds its indexes, and lets the slot go on */'},
  ];
}

/** No sentinel holds the slot for its own table. */
async function planSentinels(ctx: StepContext, adopting: Adopting): Promise<ShownAction[]> {
  const {table, slot, adoption} = adopting;
  return [
    {on: 'source', text: showStatement(createSentinel(slot))},
    {on: 'source', text: remark('waits for its writers; for a moment', showStatement(lockAgainstWriters(table)))},
    ...(await adoption.adding(ctx, adopting)).statements.map((statement) => ({
      on: 'source' as const,
      text: showStatement(statement),
    })),
    ...(await adoption.planKnown(ctx, slot, table)).map(shown),
    {
      on: 'target',
      text: `/* once a sentinel of ${slot} has come, writes those that are missing before it as the source has them; a comparison of the slot's tables is owed then */`,
    },
  ];
}

function shown({on, text}: ShownAction): ShownAction {
  return {on, text};
}

/** Neither a publication nor a set takes it. */
function isUnlogged(table: RelationName): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `${formatRelation(table)} is unlogged, so that nothing captures what is written to it`,
    remedy: `in a quiet hour, as its owner, on the source: SET lock_timeout = '2s'; ALTER TABLE ${quoteRelation(table)} SET LOGGED; it rewrites the table; then give the command again`,
  });
}

/** What applies it would crash the target. */
function isOtherKind(table: RelationName): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `${formatRelation(table)} is a plain table on the source and none on the target: pglogical crashes the target where they meet`,
    remedy:
      'on the target, make it a plain table, or drop it where nobody needs what it has: adopting makes it anew; then give the command again',
  });
}

function notAdoptable(name: string, why: string): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `${name} cannot be adopted: ${why}`,
    remedy:
      'longhaul status names the tables that are not captured; one that is not to be moved is left out: tables.exclude in longhaul.yaml, then longhaul shutdown; longhaul run',
  });
}

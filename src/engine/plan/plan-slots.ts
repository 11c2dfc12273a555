import type {Config} from '../../config/config.ts';
import {loadBytes, type Inventory, type InventoryTable} from '../../domain/pg/inventory.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {PlannedSlot, SlotPlan} from '../../domain/pg/slot-plan.ts';
import {groupTables, type TableGroup} from './group-tables.ts';

/** A group this much larger or busier than the mean of what a slot would get has one to itself. */
const HUGE = 1;

/**
 * Spreads the tables over the slots: what the operator assigned stays; huge and busy groups get their own slot; groups with a
 * unique index beside a primary key sit together, so that a batch apply which fails on them slows down no others; the rest goes, the
 * busiest first, to the slot with the least to do. Tables that foreign keys or partitioning tie are never parted. Pure.
 * Source: runbook, "Migration Steps", before step 1. Throws `config` for an assignment that cannot be kept.
 */
export function planSlots(inventory: Inventory, slots: Config['slots']): SlotPlan {
  const names = namesOfSlots(slots);
  const groups = groupTables(inventory);
  const assigned = assign(groups, slots.assign, names);
  const weight = weigher(groups);
  const open = groups.filter((group) => !assigned.has(group)).toSorted((a, b) => weight(b) - weight(a));
  const free = names.filter((name) => ![...assigned.values()].includes(name));
  const plan = new Map<string, {why: string; groups: TableGroup[]}>();
  for (const [group, name] of assigned) add(plan, name, {why: 'assigned in longhaul.yaml', group});
  spread({open, free, names, weight, plan});
  return {
    slots: names.flatMap((name): PlannedSlot[] => {
      const slot = plan.get(name);
      return slot === undefined
        ? []
        : [{name, why: slot.why, tables: slot.groups.flatMap((group) => group.tables.map((table) => table.relation))}];
    }),
  };
}

/** What the slots are called: `dms_slot_01` and so on. Pure. */
export function namesOfSlots({prefix, count}: Pick<Config['slots'], 'prefix' | 'count'>): string[] {
  return Array.from({length: count}, (_, index) => `${prefix}${String(index + 1).padStart(2, '0')}`);
}

type Plan = Map<string, {why: string; groups: TableGroup[]}>;

interface Spreading {
  readonly open: readonly TableGroup[];
  readonly free: readonly string[];
  readonly names: readonly string[];
  readonly weight: (group: TableGroup) => number;
  readonly plan: Plan;
}

function spread({open, free, names, weight, plan}: Spreading): void {
  const empty = [...free];
  const mean = 1 / Math.max(1, names.length);
  const rest: TableGroup[] = [];
  for (const group of open) {
    // One slot stays for the rest.
    const name = empty.length > 1 && weight(group) > HUGE * mean ? empty.shift() : undefined;
    if (name === undefined) rest.push(group);
    else add(plan, name, {why: `huge or busy, alone: ${formatRelation(largest(group).relation)}`, group});
  }
  const withUnique = rest.filter((group) => group.hasUnique);
  const plain = rest.filter((group) => !group.hasUnique);
  const uniqueSlot = withUnique.length > 0 && empty.length > 1 ? empty.shift() : undefined;
  for (const group of withUnique) {
    if (uniqueSlot !== undefined) add(plan, uniqueSlot, {why: 'a primary key and a unique index', group});
    else plain.push(group);
  }
  const shared = empty.length > 0 ? empty : names;
  const carried = new Map(
    shared.map((name) => [name, (plan.get(name)?.groups ?? []).reduce((sum, group) => sum + weight(group), 0)]),
  );
  for (const group of plain.toSorted((a, b) => weight(b) - weight(a))) {
    const name = lightest(carried);
    add(plan, name, {why: 'spread by write rate', group});
    carried.set(name, (carried.get(name) ?? 0) + weight(group));
  }
}

function add(plan: Plan, name: string, {why, group}: {why: string; group: TableGroup}): void {
  const slot = plan.get(name);
  if (slot === undefined) plan.set(name, {why, groups: [group]});
  else slot.groups.push(group);
}

function lightest(carried: ReadonlyMap<string, number>): string {
  const [first = ['', 0], ...others] = carried;
  return others.reduce((least, one) => (one[1] < least[1] ? one : least), first)[0];
}

/** The share of all writes and of all bytes that a group has, whichever is larger: 0 to 1. A little for being there at all. */
function weigher(all: readonly TableGroup[]): (group: TableGroup) => number {
  const writes = all.reduce((sum, one) => sum + one.writesPerSecond, 0);
  const bytes = all.reduce((sum, one) => sum + one.bytes, 0);
  return (group) =>
    Math.max(writes > 0 ? group.writesPerSecond / writes : 0, bytes > 0 ? group.bytes / bytes : 0) + 1e-6;
}

function largest(group: TableGroup): InventoryTable {
  const [first] = group.tables.toSorted((a, b) => loadBytes(b) - loadBytes(a));
  if (first === undefined) throw new Error('bug: a group without tables');
  return first;
}

function assign(
  groups: readonly TableGroup[],
  wanted: Config['slots']['assign'],
  names: readonly string[],
): Map<TableGroup, string> {
  const assigned = new Map<TableGroup, string>();
  const byTable = new Map(groups.flatMap((group) => group.tables.map((one) => [quoteRelation(one.relation), group])));
  for (const [name, tables] of Object.entries(wanted)) {
    if (!names.includes(name)) throw wrong(`slots.assign names ${name}`, `the slots are ${names.join(', ')}`);
    for (const table of tables) {
      const group = byTable.get(quoteRelation(table));
      if (group === undefined)
        throw wrong(
          `slots.assign puts ${formatRelation(table)} into ${name}, and there is no such table to replicate`,
          'longhaul plan lists the tables',
        );
      const other = assigned.get(group);
      if (other !== undefined && other !== name) throw contradiction(table, name, other);
      assigned.set(group, name);
    }
  }
  return assigned;
}

function contradiction(table: RelationName, name: string, other: string): LonghaulError {
  return wrong(
    `slots.assign puts ${formatRelation(table)} into ${name}, and a table that a foreign key or partitioning ties to it into ${other}`,
    'tables that are tied share a slot, or their changes arrive out of order: assign them to one',
  );
}

function wrong(message: string, remedy: string): LonghaulError {
  return new LonghaulError({code: 'config', message, remedy});
}

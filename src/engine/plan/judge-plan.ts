import {movesRows, type Inventory} from '../../domain/pg/inventory.ts';
import {formatRelation, parseRelation, quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {tablesOf} from '../../domain/run/load-unit.ts';
import {judgeParts, partOf} from '../../domain/run/table-part.ts';
import {judgeCuts} from './plan-cuts.ts';
import {carriedByRest, needsRest} from './plan-units.ts';
import {entries, type Entry, type PlanProblem, type WrittenPlan} from './written-plan.ts';

/** A replication set is named like the slot with an `i` before it, and Postgres keeps 63 bytes of a name. */
const SLOT_NAME = /^[a-z0-9_]{1,62}$/;
/** It becomes a folder's name and part of an application_name. */
const UNIT_ID = /^[a-z0-9][a-z0-9_.-]{0,59}$/;
/** By these names sessions are found and ended that are no lanes. */
const OUR_SESSIONS = /^(?:take|run|probe|end|definitions|(?:index|compare|analyze)(?:-.*)?)$/;

/** What is written under another name would be passed over without a word. */
const SECTIONS: ReadonlySet<string> = new Set(['slots', 'units', 'cuts'] satisfies (keyof WrittenPlan)[]);

/** Everything that is wrong with a plan, against the inventory that it was made from. Pure. */
export function judgePlan(plan: WrittenPlan, inventory: Inventory, withSlots: boolean): PlanProblem[] {
  const wanted = inventory.tables.filter(movesRows).map(({relation}) => relation);
  const units = entries(plan.units);
  return [
    ...judgeForm(plan, 'slots'),
    ...judgeForm(plan, 'units'),
    ...Object.keys(plan)
      .filter((key) => !SECTIONS.has(key))
      .map((key) => ({at: [key], words: `${key}: there is no such section; a plan has slots, units and cuts`})),
    ...judgeCoverage('unit', plan.units, wanted),
    ...(withSlots ? judgeCoverage('slot', plan.slots, wanted) : judgeNoSlots(plan)),
    ...entries(plan.slots)
      .filter(({name}) => !SLOT_NAME.test(name))
      .map(({name}) => ({
        at: ['slots', name],
        words: `${name} is not a name for a slot: lower case letters, digits and _, at most 62`,
      })),
    ...units.flatMap((unit) => judgeUnit(unit, inventory)),
    ...judgeNeeded(units, inventory),
    ...judgeCut(units),
    ...judgeCuts(plan.cuts, units, inventory),
  ];
}

function judgeForm(plan: WrittenPlan, key: 'slots' | 'units'): PlanProblem[] {
  const section = plan[key];
  if (typeof section !== 'object' || section === null || Array.isArray(section)) {
    return [
      {
        at: [key],
        words: `${key}: ${section === undefined ? 'is missing' : 'is not a list of names with tables below them'}`,
      },
    ];
  }
  return Object.entries(section).flatMap(([name, list]): PlanProblem[] => {
    if (!Array.isArray(list))
      return [{at: [key, name], words: `${key}.${name}: has no list of tables; [] is an empty one`}];
    return list.flatMap((one: unknown, index) =>
      typeof one === 'string' && parseRelation(one) !== null
        ? []
        : [{at: [key, name, index], words: `${key}.${name}: ${JSON.stringify(one)} is not schema.table`}],
    );
  });
}

/** What is named twice, is not there, or is in none. */
function judgeCoverage(what: 'slot' | 'unit', section: unknown, wanted: readonly RelationName[]): PlanProblem[] {
  const known = new Set(wanted.map((table) => quoteRelation(table)));
  const places = new Map<string, string>();
  const problems: PlanProblem[] = [];
  for (const {name, tables} of entries(section)) {
    for (const [index, table] of tables.entries()) {
      const at = [`${what}s`, name, index];
      const key = quoteRelation(table);
      const before = places.get(key);
      if (!known.has(key))
        problems.push({at, words: `${formatRelation(table)} is not a table of the inventory that can be in a ${what}`});
      if (before !== undefined && (partOf(before) === null || partOf(name) === null))
        problems.push({at, words: `${formatRelation(table)} is in more than one ${what}: ${before} has it already`});
      places.set(key, name);
    }
  }
  const missing = wanted.filter((table) => !places.has(quoteRelation(table)));
  return [
    ...problems,
    ...missing.map((table) => ({at: [`${what}s`], words: `${formatRelation(table)} is in no ${what}`})),
  ];
}

/** Parts that are not their whole table, each row once. */
function judgeCut(units: readonly Entry[]): PlanProblem[] {
  const cut = units.filter(({name}) => partOf(name) !== null);
  const several = cut
    .filter(({tables}) => tables.length > 1)
    .map(({name}) => ({at: ['units', name], words: `${name}: is a part of a table, and has more than one`}));
  const partsOf = Map.groupBy(
    cut.flatMap(({name, tables}) => tables.map((table) => ({name, key: quoteRelation(table)}))),
    ({key}) => key,
  );
  const bad = tablesOf(cut).flatMap((table): PlanProblem[] => {
    const parts = partsOf.get(quoteRelation(table)) ?? [];
    const words = judgeParts(parts.flatMap(({name}) => partOf(name) ?? []));
    const at = ['units', parts[0]?.name ?? ''];
    return words === null ? [] : [{at, words: `the parts of ${formatRelation(table)} ${words}`}];
  });
  return [...several, ...bad];
}

function judgeNoSlots(plan: WrittenPlan): PlanProblem[] {
  return entries(plan.slots).length === 0
    ? []
    : [{at: ['slots'], words: 'slots: are planned, and cdc.engine in longhaul.yaml is none'}];
}

function judgeUnit({name, tables}: Entry, inventory: Inventory): PlanProblem[] {
  const at = ['units', name];
  if (!UNIT_ID.test(name))
    return [{at, words: `${name} is not a name for a unit: lower case letters, digits, - _ and ., at most 60`}];
  if (OUR_SESSIONS.test(name))
    return [{at, words: `${name} is how sessions of Longhaul's own are called: give the unit another name`}];
  if (name === 'large-objects')
    return tables.length === 0 ? [] : [{at, words: 'large-objects: has no tables, they are loaded by other units'}];
  // One of a plan of an older version may bring nothing but sequences that tables bring as well.
  if (tables.length > 0 || (name === 'rest' && mayHaveRest(inventory))) return [];
  return [{at, words: `${name}: has no table; take the unit out`}];
}

function mayHaveRest(inventory: Inventory): boolean {
  return needsRest(inventory) || inventory.sequences.length > 0;
}

/** Units that no table is named for, and without which something would stay behind without a word. */
function judgeNeeded(units: readonly Entry[], inventory: Inventory): PlanProblem[] {
  const has = (id: string): boolean => units.some(({name}) => name === id);
  return [
    ...(inventory.largeObjects > 0 && !has('large-objects')
      ? [{at: ['units'], words: `there is no unit large-objects, and the source has ${inventory.largeObjects}`}]
      : []),
    ...(needsRest(inventory) && !has('rest')
      ? [
          {
            at: ['units'],
            words: `there is no unit rest, which brings what no table brings: ${carriedByRest(inventory)
              .slice(0, 3)
              .map((one) => formatRelation(one))
              .join(', ')}${carriedByRest(inventory).length > 3 ? ', …' : ''}`,
          },
        ]
      : []),
  ];
}

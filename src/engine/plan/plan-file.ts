import {LineCounter, parseDocument} from 'yaml';
import type {Inventory} from '../../domain/inventory.ts';
import type {LoadUnit} from '../../domain/load-unit.ts';
import {LonghaulError} from '../../domain/longhaul-error.ts';
import {formatRelation, parseRelation, quoteRelation, writeRelation, type RelationName} from '../../domain/relation.ts';
import type {SlotPlan} from '../../domain/slot-plan.ts';
import {formatBytes} from '../../domain/units.ts';
import {readInventoryFile} from '../inventory/inventory-file.ts';
import {readIfThere, writeWhole, type RunFolder} from '../run-folder.ts';
import {unitOfTables} from './plan-units.ts';

/** Which table goes through which slot and in which unit. */
export interface Plan {
  readonly slots: SlotPlan;
  readonly units: readonly LoadUnit[];
}

/** The plan that the run goes by, as the operator may have edited it, checked against the inventory. Throws `config` with the lines. */
export async function readPlan(folder: RunFolder): Promise<Plan> {
  const text = await readIfThere(folder.plan);
  if (text === null) {
    throw new LonghaulError({
      code: 'failed',
      message: `there is no plan yet (${folder.plan})`,
      remedy: 'longhaul plan, or longhaul run --from plan-slots',
    });
  }
  return parsePlan(text, folder.plan, await readInventoryFile(folder));
}

/** Keeps a plan as a file for the operator to read and edit. */
export async function writePlan(folder: RunFolder, plan: Plan): Promise<void> {
  await writeWhole(folder.plan, formatPlanFile(plan));
}

/** The plan's text. */
export function formatPlanFile({slots, units}: Plan): string {
  return [
    '# The plan of the run: made by longhaul, read by it again, yours to edit until the slots are made.\n',
    '# Every table stays in exactly one unit and, where it is replicated, in exactly one slot.\n\n',
    '# Each slot is one CDC task.\nslots:\n',
    ...(slots.slots.length === 0
      ? ['  {}\n']
      : slots.slots.map((slot) => `  ${slot.name}: # ${slot.why}\n${listed(slot.tables)}`)),
    '\n# Each unit is one pipeline and one transaction; they start in this order.\nunits:\n',
    ...units.map(
      (unit) =>
        `  ${unit.id}: # ${formatBytes(unit.bytes)}\n${unit.tables.length === 0 ? '    []\n' : listed(unit.tables)}`,
    ),
  ]
    .join('')
    .replaceAll(/# (.*)/g, (_, words: string) => `# ${words.replaceAll(/[^\P{Cc}]/gu, ' ')}`);
}

function listed(tables: readonly RelationName[]): string {
  return tables.map((table) => `    - ${JSON.stringify(writeRelation(table))}\n`).join('');
}

/** Reads a plan's text. Pure; throws `config` with everything that is wrong and where. */
export function parsePlan(text: string, path: string, inventory: Inventory): Plan {
  const lines = new LineCounter();
  const document = parseDocument(text, {lineCounter: lines});
  const [broken] = document.errors;
  if (broken !== undefined)
    throw wrong(path, [`line ${lines.linePos(broken.pos[0]).line}: ${broken.message.split('\n')[0] ?? ''}`]);
  const problems: string[] = [];
  const content: unknown = document.toJS();
  const slots = readSection(content, 'slots', problems);
  const units = readSection(content, 'units', problems);
  const loaded = inventory.tables.filter((table) => table.kind === 'table' && table.persistence === 'permanent');
  problems.push(
    ...coverage(
      'unit',
      [...units.values()].flat(),
      loaded.map(({relation}) => relation),
    ),
  );
  if (slots.size > 0)
    problems.push(
      ...coverage(
        'slot',
        [...slots.values()].flat(),
        loaded.map(({relation}) => relation),
      ),
    );
  if (problems.length > 0) throw wrong(path, problems);
  return {
    slots: {slots: [...slots].map(([name, tables]) => ({name, why: 'as in the plan', tables}))},
    units: [...units].map(([id, tables]) => unitOfTables(id, tables, inventory)),
  };
}

function readSection(content: unknown, key: 'slots' | 'units', problems: string[]): Map<string, RelationName[]> {
  const section: unknown =
    typeof content === 'object' && content !== null ? new Map(Object.entries(content)).get(key) : undefined;
  const named = new Map<string, RelationName[]>();
  if (typeof section !== 'object' || section === null) {
    problems.push(`${key}: is missing`);
    return named;
  }
  for (const [name, list] of Object.entries(section)) {
    const tables: unknown[] = Array.isArray(list) ? list : [];
    if (!/^[a-z0-9][a-z0-9_.-]*$/.test(name))
      problems.push(`${key}: ${name} is no name: lower case letters, digits, - _ .`);
    named.set(
      name,
      tables.flatMap((table) => relationIn(table, `${key}.${name}`, problems)),
    );
  }
  return named;
}

function relationIn(table: unknown, where: string, problems: string[]): RelationName[] {
  const relation = typeof table === 'string' ? parseRelation(table) : null;
  if (relation === null) problems.push(`${where}: ${JSON.stringify(table)} is no schema.table`);
  return relation === null ? [] : [relation];
}

/** What is named twice, is not there, or is in none. */
function coverage(what: string, named: readonly RelationName[], wanted: readonly RelationName[]): string[] {
  const counts = new Map<string, number>();
  for (const table of named) counts.set(quoteRelation(table), (counts.get(quoteRelation(table)) ?? 0) + 1);
  const known = new Set(wanted.map((table) => quoteRelation(table)));
  return [
    ...named
      .filter((table) => !known.has(quoteRelation(table)))
      .map((table) => `${formatRelation(table)} is in a ${what} and is no table of the source that can be there`),
    ...wanted
      .filter((table) => !counts.has(quoteRelation(table)))
      .map((table) => `${formatRelation(table)} is in no ${what}`),
    ...wanted
      .filter((table) => (counts.get(quoteRelation(table)) ?? 0) > 1)
      .map((table) => `${formatRelation(table)} is in more than one ${what}`),
  ];
}

function wrong(path: string, problems: readonly string[]): LonghaulError {
  return new LonghaulError({
    code: 'config',
    message: `${path}: ${problems.join('\n  ')}`,
    remedy: 'mend what is named, or delete the file: longhaul plan makes it anew',
  });
}

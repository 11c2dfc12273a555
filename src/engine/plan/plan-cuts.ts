import type {Inventory} from '../../domain/pg/inventory.ts';
import {
  formatRelation,
  parseRelation,
  quoteRelation,
  sameRelation,
  writeRelation,
  type RelationName,
} from '../../domain/pg/relation.ts';
import {
  cutDigest,
  cutOf,
  isKeyType,
  judgeCut,
  rangesOf,
  type KeyRange,
  type TableCut,
} from '../../domain/run/key-range.ts';
import type {LoadUnit} from '../../domain/run/load-unit.ts';
import {isKeyPart, partOf} from '../../domain/run/table-part.ts';
import type {Entry, PlanProblem} from './written-plan.ts';

/** A table and how plan.yaml cuts it by its key. */
interface WrittenCut {
  readonly table: RelationName;
  readonly cut: TableCut;
}

/** The section of plan.yaml that says at which values of their keys tables are cut; empty where none is. Pure. */
export function formatCuts(units: readonly LoadUnit[]): string {
  const tables = Map.groupBy(
    units.filter(({range}) => range !== undefined),
    ({tables: [table]}) => (table === undefined ? '' : writeRelation(table)),
  );
  if (tables.size === 0) return '';
  const cuts = [...tables].map(([table, parts]) => {
    const {key, bounds} = cutOf(parts.flatMap(({range}) => range ?? []));
    const columns = key.map(({name, type}) => `{name: ${quoted(name)}, type: ${quoted(type)}}`);
    const lines = bounds.map((bound) => `      - [${bound.map((value) => quoted(value)).join(', ')}]\n`);
    return `  ${quoted(table)}:\n    key: [${columns.join(', ')}]\n    bounds:\n${lines.join('')}`;
  });
  return [
    "\n# At which values of their keys tables are cut; the ends of their units' ids go with them. To load such a table whole, take it out here and its\n",
    `# units above, and name it in a unit of its own.\ncuts:\n`,
    ...cuts,
  ].join('');
}

/** As JSON, which YAML reads, without a character that a terminal or YAML would take for more than itself. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** No name and no value of Postgres has a byte that is 0. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}

/** A cut as it is written; null where that is none. */
function readCut(written: unknown): TableCut | null {
  if (typeof written !== 'object' || written === null || !('key' in written) || !('bounds' in written)) return null;
  const {key, bounds} = written;
  if (!Array.isArray(key) || !Array.isArray(bounds)) return null;
  const columns = key.flatMap((one: unknown) =>
    typeof one === 'object' && one !== null && 'name' in one && 'type' in one && isText(one.name) && isText(one.type)
      ? [{name: one.name, type: one.type}]
      : [],
  );
  const known = columns.flatMap(({name, type}) => (isKeyType(type) ? [{name, type}] : []));
  const all = bounds.flatMap((one: unknown) =>
    Array.isArray(one) && one.every((value) => isText(value)) ? [one] : [],
  );
  return known.length === key.length && all.length === bounds.length ? {key: known, bounds: all} : null;
}

function readCuts(section: unknown): (WrittenCut | {readonly name: string})[] {
  if (typeof section !== 'object' || section === null) return [];
  return Object.entries(section).map(([name, written]) => {
    const [table, cut] = [parseRelation(name), readCut(written)];
    return table === null || cut === null ? {name} : {table, cut};
  });
}

/** What is wrong with the cuts of a plan, and with the units that name them. Pure. */
export function judgeCuts(section: unknown, units: readonly Entry[], inventory: Inventory): PlanProblem[] {
  const cuts = readCuts(section);
  const good = cuts.flatMap((one) => ('table' in one ? [one] : []));
  return [
    ...cuts.flatMap((one): PlanProblem[] =>
      'name' in one
        ? [{at: ['cuts', one.name], words: `cuts.${one.name}: is not a table with its key and bounds`}]
        : judgeOne(one, inventory),
    ),
    ...units.flatMap(({name, tables: [table]}): PlanProblem[] => {
      const part = partOf(name);
      if (part === null || !isKeyPart(part) || table === undefined) return [];
      const own = good.find((one) => sameRelation(one.table, table));
      return own !== undefined && cutDigest(table, own.cut) === part.cut && own.cut.bounds.length + 1 === part.of
        ? []
        : [
            {
              at: ['units', name],
              words: `${name}: is a range of a cut of ${formatRelation(table)} that is not in cuts`,
            },
          ];
    }),
  ];
}

function judgeOne({table, cut}: WrittenCut, {tables}: Inventory): PlanProblem[] {
  const known = tables.find(({relation}) => sameRelation(relation, table));
  const words = judgeCut(cut, known?.primaryKey ?? null);
  return words === null ? [] : [{at: ['cuts'], words: `the cut of ${formatRelation(table)} ${words}`}];
}

/** Gives each unit that is a range of a key the range that it names. For a plan that was judged. Pure. */
export function rangesIn(section: unknown): (unit: LoadUnit) => LoadUnit {
  const ranges = new Map(
    readCuts(section).flatMap((one): [string, readonly KeyRange[]][] =>
      'table' in one ? [[quoteRelation(one.table), rangesOf(one.cut)]] : [],
    ),
  );
  return (unit) => {
    const part = partOf(unit.id);
    const [table] = unit.tables;
    if (part === null || !isKeyPart(part) || table === undefined) return unit;
    const range = ranges.get(quoteRelation(table))?.[part.number - 1];
    return range === undefined ? unit : {...unit, range};
  };
}

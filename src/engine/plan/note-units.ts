import {SENTINEL_SCHEMA} from '../../pg/capture/sentinels.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import type {Config} from '../../config/config.ts';
import {loadBytes, movesRows, type Inventory} from '../../domain/pg/inventory.ts';
import {formatRelation, quoteRelation} from '../../domain/pg/relation.ts';
import {counted, formatBytes, formatCount} from '../../domain/base/units.ts';
import {tablesOf, type LoadUnit} from '../../domain/run/load-unit.ts';
import {isKeyPart, partOf} from '../../domain/run/table-part.ts';
import {cutTable} from './cut-tables.ts';
import {unitSizeFor, whyCut} from './unit-size.ts';

/** What to know of a plan's units: their sums, why a table is cut, and of each that is larger than a unit and yet has only one, why. Pure. */
export function noteUnits(inventory: Inventory, units: readonly LoadUnit[], load: Config['load']): string[] {
  return [
    `${formatCount(units.length)} units: ${sums(units).join(', ')}`,
    ...whyInParts(inventory, units, load),
    ...whyWhole(inventory, units, load),
  ];
}

function sums(units: readonly LoadUnit[]): string[] {
  const by = Map.groupBy(units, kindOf);
  const of = (name: string, words: (tables: string, units: string, first: LoadUnit) => string): string[] => {
    const own = by.get(name) ?? [];
    const [first] = own;
    if (first === undefined) return [];
    const bytes = formatBytes(own.reduce((sum, one) => sum + one.bytes, 0));
    return [`${words(counted(tablesOf(own).length, 'table'), formatCount(own.length), first)} (${bytes})`];
  };
  return [
    ...of('pages', (tables, parts) => `${parts} ranges of the pages of ${tables}`),
    ...of('key', (tables, parts) => `${parts} ranges of the keys of ${tables}`),
    ...of('alone', (tables) => `${tables} alone`),
    ...of('together', (tables, groups) => `${tables} in ${groups}`),
    ...of('rest', (tables, _, {tables: {length}}) => (length > 0 ? `rest with ${tables}` : 'sequences and the like')),
    ...of('large-objects', () => 'large objects'),
  ];
}

function kindOf(unit: LoadUnit): string {
  if (unit.kind !== 'table') return unit.kind;
  const part = partOf(unit.id);
  if (part !== null) return isKeyPart(part) ? 'key' : 'pages';
  return unit.tables.length === 1 ? 'alone' : 'together';
}

function whyInParts({tables, version}: Inventory, units: readonly LoadUnit[], load: Config['load']): string[] {
  const moved = tables.filter(movesRows);
  const size = unitSizeFor(moved, load);
  const parts = Map.groupBy(
    units.filter(({id}) => partOf(id) !== null),
    ({tables: of}) => of.map((table) => quoteRelation(table)).join(),
  );
  const notes = moved.flatMap((table) => {
    const own = parts.get(quoteRelation(table.relation));
    if (own === undefined) return [];
    const isOurs = cutTable(table, version, {method: load.method, ...size}).by !== 'nothing';
    const why = isOurs ? whyCut(loadBytes(table), moved, load) : 'plan.yaml has it so';
    return [`${formatRelation(table.relation)} is in ${counted(own.length, 'part')}: ${why}`];
  });
  return notes.length === 0 ? [] : [...notes, WITHOUT_MAP];
}

/** Why: decision 0059, "ANALYZE, not VACUUM". */
const WITHOUT_MAP =
  'tables in parts have no visibility map before a VACUUM on the target, days before the cutover: index-only scans read the heap until then (of a target before 14, of every table)';

function whyWhole({tables, version}: Inventory, units: readonly LoadUnit[], load: Config['load']): string[] {
  const size = unitSizeFor(tables.filter(movesRows), load);
  const whole = new Set(
    units
      .filter(({id, kind}) => kind === 'table' && partOf(id) === null)
      .flatMap((unit) => unit.tables.map((table) => quoteRelation(table))),
  );
  return tables
    .filter((table) => loadBytes(table) > size.unitBytes && whole.has(quoteRelation(table.relation)))
    .flatMap((table) => {
      const cutting = cutTable(table, version, {method: load.method, ...size});
      const why = cutting.by === 'nothing' ? cutting.why : 'plan.yaml has it so';
      return [`${formatRelation(table.relation)} is one unit: ${why}`];
    });
}

/**
 * What is to be done before a plan counts whose run makes sentinels: their tables are captured and copied as every table is, so that a plan without them
 * is refused. Null where they are in it, or where the run makes none. Pure.
 */
export function noteSentinels(
  {tables}: Pick<Inventory, 'tables'>,
  steps: readonly {readonly id: StepId}[],
): string | null {
  if (!steps.some(({id}) => id === 'create-sentinels')) return null;
  if (tables.some(({relation}) => relation.schema === SENTINEL_SCHEMA)) return null;
  return 'Before it counts: it wants the tables by which change capture is watched, which are not on the source yet. longhaul run --until create-sentinels makes them; longhaul plan --fresh then plans anew, with them.';
}

import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {scanRateOf} from '../../domain/run/run-state.ts';
import {readColumns, readValueTypes, type ColumnsRow} from '../../pg/compare/column-types.ts';
import {chooseDialect, readFormulaFacts} from '../../pg/compare/pin-session.ts';
import type {ComparedColumn, Dialect} from '../../pg/compare/row-hash.ts';
import {readExtents, type Extent} from '../../pg/compare/table-extents.ts';
import type {Chunk} from '../../pg/compare/table-sums.ts';
import {valueType, type ValueType} from '../../pg/compare/type-form.ts';
import {readKeyColumns} from '../../pg/ranges/range-keys.ts';
import type {Session} from '../../pg/session/session.ts';
import {maybe} from '../../pg/session/versions.ts';
import type {StepContext} from '../step.ts';
import {tablesThatHide} from '../schema/copy/row-security.ts';
import {chunkBytes, cutByKey, cutByPages, type KeyStatistics} from './cut-chunks.ts';

/** A server that is read in a comparison. */
export type Side = 'replica' | 'target';

/** A table that is to be compared. */
export interface TableToCompare {
  readonly table: RelationName;
  /** The column by whose months it is counted, null for none. */
  readonly timestampColumn: string | null;
  readonly primaryKey: readonly string[] | null;
  /** Heap and TOAST on the source; 0 where the inventory has it not. */
  readonly bytes: number;
}

/** A table as it is compared row by row. */
export interface ComparedPair extends TableToCompare {
  readonly columns: readonly ComparedColumn[];
  /** What names a row; null where the table has no primary key. */
  readonly key: readonly ComparedColumn[] | null;
  readonly chunks: Readonly<Record<Side, readonly (Chunk | null)[]>>;
  /** What says that nobody has written to it; empty where nothing does. */
  readonly marks: Readonly<Record<Side, string>>;
  /** Whether row security hides rows of the target's from our role. */
  readonly hides: boolean;
  /** Why its rows cannot be compared; null where they can. */
  readonly problem: string | null;
  /** The side that has no such table; left out where both have it. */
  readonly absent?: Side;
}

/** Both sides of every table, and how they are compared. */
export interface Sides {
  readonly dialect: Dialect;
  readonly pairs: readonly ComparedPair[];
}

/** Reads from both servers what a comparison of these tables needs. A table that is not on the target yet is taken for one as on the replica. */
export async function readSides(ctx: StepContext, tables: readonly TableToCompare[], lanes: number): Promise<Sides> {
  const [replica, target] = [await ctx.session('replica'), await ctx.session('target')];
  const facts = [await replica.one(readFormulaFacts()), await target.one(readFormulaFacts())] as const;
  const names = tables.map(({table}) => table);
  const size = chunkBytes(
    tables.reduce((sum, {bytes}) => sum + bytes, 0),
    lanes,
    scanRateOf(ctx.state(), ctx.config),
  );
  const large = tables.filter(({bytes}) => bytes > size).map(({table}) => table);
  const [there, here] = [await readSide(replica, names, large), await readSide(target, names, large)];
  const known = names.filter((name) => here.tables.has(quoteRelation(name)));
  const hiding = new Set((await tablesThatHide(target, known)).map((name) => quoteRelation(name)));
  const pairs = tables.map((table): ComparedPair => {
    const name = quoteRelation(table.table);
    const own = compareColumns(there.tables.get(name), here.tables.get(name));
    const hides = hiding.has(name);
    const chunks = {
      replica: there.cut(name, table.bytes, size),
      target: hides ? [null] : here.cut(name, table.bytes, size),
    };
    const key = table.primaryKey?.map((column) => own.columns.find((one) => one.name === column));
    return {
      ...table,
      ...own,
      key: key?.every((one) => one !== undefined) === true ? key : null,
      chunks,
      hides,
      ...absentOf(there.tables.has(name), here.tables.has(name)),
      marks: {replica: there.markOf(name), target: here.markOf(name)},
    };
  });
  return {dialect: chooseDialect([replica.version, target.version], facts), pairs};
}

function absentOf(isThere: boolean, isHere: boolean): Pick<ComparedPair, 'absent'> {
  return isThere && isHere ? {} : {absent: isThere ? 'target' : 'replica'};
}

interface ReadSide {
  readonly tables: ReadonlyMap<string, TypedColumns>;
  cut(name: string, bytes: number, size: number): readonly (Chunk | null)[];
  markOf(name: string): string;
}

/** Columns by their names, in their order. */
type TypedColumns = ReadonlyMap<string, ValueType>;

async function readSide(
  session: Session,
  names: readonly RelationName[],
  large: readonly RelationName[],
): Promise<ReadSide> {
  const rows = await session.run(readColumns(session.version, names));
  const oids = [...new Set(rows.flatMap(({types}) => types))];
  const rowOf = new Map((await session.run(readValueTypes(oids))).map((row) => [row.oid, row]));
  // Ten thousand tables have a hundred thousand columns, and few types.
  const types = new Map(oids.map((oid) => [oid, valueType(rowOf, oid)]));
  const extents = new Map(
    (await session.run(readExtents(session.version, names))).map((one) => [quoteRelation(one), one]),
  );
  const byPages = maybe('tidRangeScan', session.version) !== null;
  const keys = new Map<string, KeyStatistics>();
  if (!byPages && large.length > 0)
    for (const row of await session.run(readKeyColumns(session.version, large)))
      if (row.position === 1) keys.set(quoteRelation(row), row);
  return {
    tables: new Map(rows.map((row) => [quoteRelation(row), typedColumns(row, types)])),
    cut: (name, bytes, size) =>
      byPages ? cutOf(extents.get(name), bytes, size) : cutByKey(keys.get(name), {bytes, size}),
    markOf: (name) => extents.get(name)?.mark ?? '',
  };
}

function cutOf(extent: Extent | undefined, bytes: number, size: number): readonly (Chunk | null)[] {
  return extent === undefined ? [null] : cutByPages({pages: extent.pages, bytes, size});
}

function typedColumns({columns, types: oids}: ColumnsRow, types: ReadonlyMap<string, ValueType>): TypedColumns {
  return new Map(
    columns.map((column, at) => {
      const type = types.get(oids[at] ?? '');
      if (type === undefined) throw new Error(`bug: the type of ${column} was not read`);
      return [column, type];
    }),
  );
}

function compareColumns(
  there: TypedColumns | undefined,
  here: TypedColumns | undefined,
): Pick<ComparedPair, 'columns' | 'problem'> {
  if (there === undefined) return {columns: [], problem: 'the table is not on the replica'};
  const other = here ?? there;
  // A column of one side alone is told; the others are compared all the same.
  const columns = [...there]
    .filter(([name]) => other.has(name))
    .map(([name, type]) => {
      const same = JSON.stringify(other.get(name)) === JSON.stringify(type);
      return {name, type: same ? type : null};
    });
  const missing = [...there.keys()].filter((name) => !other.has(name));
  const extra = [...other.keys()].filter((name) => !there.has(name));
  const words = [
    ...(missing.length === 0 ? [] : [`the target lacks the columns ${missing.join(', ')}`]),
    ...(extra.length === 0 ? [] : [`the replica lacks the columns ${extra.join(', ')}`]),
  ];
  return {columns, problem: words.length === 0 ? null : words.join('; ')};
}

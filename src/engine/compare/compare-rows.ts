import {formatRelation} from '../../domain/pg/relation.ts';
import {sumRows, type Chunk, type KeyedTable, type Sums} from '../../pg/compare/table-sums.ts';
import type {Action} from '../action.ts';
import {showStatement} from '../make-action.ts';
import type {StepContext} from '../step.ts';
import type {ComparingOptions, Scans} from './comparing.ts';
import {findRows} from './find-rows.ts';
import type {ComparedPair, Side, Sides} from './read-sides.ts';
import {createScanning, type Scanning} from './scanning.ts';
import type {TableComparison} from './table-comparison.ts';

const SIDES: readonly Side[] = ['replica', 'target'];

/** How often a comparison that is held asks whether it may go on. */
const HELD_EVERY_MS = 500;

/** What belongs to one comparison. */
interface Comparison {
  readonly ctx: StepContext;
  readonly sides: Sides;
  readonly scanning: Scanning;
  readonly options: ComparingOptions;
}

/**
 * Sums the hashes of all rows on both sides, each table in scans that suit its server. The sums of the table decide, so the scans of the two
 * sides need not hold the same rows. Only where they differ are its rows looked for.
 */
export function planSums(ctx: StepContext, sides: Sides, options: ComparingOptions): Scans {
  const {lanes, purpose, onReplica} = options;
  const scanning = createScanning(ctx, {lanes, purpose, dialect: sides.dialect, onReplica});
  const comparison: Comparison = {ctx, sides, scanning, options};
  const actions = sides.pairs.flatMap((pair) => planTable(comparison, pair));
  return {actions, close: async () => scanning.close()};
}

function planTable(comparison: Comparison, pair: ComparedPair): Action[] {
  const {ctx, sides, options} = comparison;
  const done: Record<Side, Sums[]> = {replica: [], target: []};
  let left = SIDES.reduce((sum, side) => sum + pair.chunks[side].length, 0);
  return SIDES.flatMap((side) =>
    pair.chunks[side].map((chunk, at, {length}): Action => {
      const bytes = pair.bytes / length / SIDES.length;
      const piece = ctx.underWay.expect({name: nameOf(pair, side, {at, of: length}), table: '', bytes});
      const execute = async (): Promise<void> => {
        const sums = await piece.during(null, async () => scanChunk(comparison, pair, {side, chunk}));
        done[side].push(sums);
        left -= 1;
        if (left === 0) await options.hear(await conclude(comparison, pair, done));
      };
      return {on: side, text: showStatement(sumRows(keyedTable(comparison, pair), sides.dialect, chunk)), execute};
    }),
  );
}

function nameOf({table}: ComparedPair, side: Side, {at, of}: {readonly at: number; readonly of: number}): string {
  return `${formatRelation(table)}, ${side}${of === 1 ? '' : `, ${at + 1} of ${of}`}`;
}

async function scanChunk(
  comparison: Comparison,
  pair: ComparedPair,
  {side, chunk}: {readonly side: Side; readonly chunk: Chunk | null},
): Promise<Sums> {
  const {ctx, sides, scanning} = comparison;
  const {kept} = comparison.options;
  const statement = sumRows(keyedTable(comparison, pair), sides.dialect, chunk);
  const scan = {side, statement: statement.text, mark: pair.marks[side]};
  const known = kept.find(scan);
  if (known !== null) return known;
  const [sums] = await scanning.rows({side, statement, table: pair.table, hides: pair.hides}, async (work) => {
    if (comparison.options.onReplica === undefined) await whileHeld(ctx);
    return work();
  });
  if (sums === undefined) throw new Error('bug: a sum gives one row');
  await kept.keep(scan, sums);
  return sums;
}

function keyedTable({options: {sample}}: Comparison, {table, columns, key}: ComparedPair): KeyedTable {
  return {table, columns, key: key ?? columns, sample};
}

/** `longhaul pause --start`: what runs ends, and nothing new is begun. */
async function whileHeld(ctx: StepContext): Promise<void> {
  while (ctx.state().held) await ctx.sleep(HELD_EVERY_MS);
}

async function conclude(
  comparison: Comparison,
  pair: ComparedPair,
  done: Readonly<Record<Side, readonly Sums[]>>,
): Promise<TableComparison> {
  const [replica, target] = [total(done.replica), total(done.target)];
  const isSame = replica.rows === target.rows && replica.sum === target.sum;
  const {sides, scanning, options} = comparison;
  const rows =
    pair.problem !== null
      ? {total: 0, atLeast: true, first: [], why: pair.problem}
      : isSame
        ? null
        : await findRows({
            pair,
            table: keyedTable(comparison, pair),
            dialect: sides.dialect,
            scanning,
            showValues: options.showValues,
            replica,
            target,
          });
  return {
    table: pair.table,
    how: 'rows',
    replicaRows: replica.rows,
    targetRows: target.rows,
    monthsThatDiffer: [],
    months: 0,
    rows,
    differs: rows !== null,
  };
}

/** The sums of scans that together are a table. Pure. */
export function total(sums: readonly Sums[]): Sums {
  return {
    rows: sums.reduce((all, {rows}) => all + rows, 0),
    sum: String(sums.reduce((all, {sum}) => all + BigInt(sum), 0n)),
  };
}

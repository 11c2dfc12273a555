import {formatCount} from '../../domain/base/units.ts';
import {formatRelation} from '../../domain/pg/relation.ts';
import type {RowsThatDiffer} from '../../domain/run/row-difference.ts';
import {countTable, sumRows, type KeyedTable, type Sums} from '../../pg/compare/table-sums.ts';
import type {Statement} from '../../pg/session/statement.ts';
import type {Action} from '../action.ts';
import {showStatement} from '../make-action.ts';
import type {StepContext} from '../step.ts';
import type {Expected} from '../waiting/under-way.ts';
import type {ComparingOptions, Scans} from './comparing.ts';
import type {ScanName} from './kept-sums.ts';
import {findRows} from './find-rows.ts';
import type {ComparedPair, Side, Sides} from './read-sides.ts';
import {createScanning, type Scanning} from './scans/scanning.ts';
import type {TableComparison} from './table-comparison.ts';

const SIDES: readonly Side[] = ['replica', 'target'];

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
  const mustGoOn = onReplica !== undefined;
  const scanning = createScanning(ctx, {lanes, purpose, dialect: sides.dialect, onReplica, mustGoOn});
  const comparison: Comparison = {ctx, sides, scanning, options};
  const actions = sides.pairs.flatMap((pair) => planTable(comparison, pair));
  return {actions, close: async () => scanning.close()};
}

function planTable(comparison: Comparison, pair: ComparedPair): Action[] {
  const read: Record<Side, Read> = {replica: {sums: [], plain: null}, target: {sums: [], plain: null}};
  const scans = SIDES.flatMap((side) => scansOf(comparison, pair, side));
  let left = scans.length;
  const whole = comparison.options.pieceOf?.(pair, scans.length);
  return scans.map((scan): Action => {
    const {side, name, statement} = scan;
    const own = {name, table: '', on: [scan.side], bytes: scan.bytes / SIDES.length};
    const piece = whole ?? comparison.ctx.underWay.expect(own);
    const execute = async (): Promise<void> => {
      const sums = await scanOnce(comparison, pair, scan, piece);
      if (scan.isPlain) read[side].plain = sums.rows;
      else read[side].sums.push(sums);
      left -= 1;
      if (left === 0) await comparison.options.hear(await conclude(comparison, pair, read));
    };
    return {
      on: side,
      get text() {
        return showStatement(statement());
      },
      execute,
    };
  });
}

/** What the scans of a side of a table have read. */
interface Read {
  readonly sums: Sums[];
  /** Its rows by one plain count; null where no index takes part in its scans. */
  plain: number | null;
}

interface PlannedScan {
  readonly side: Side;
  /** `public.users, replica, 3 of 40`. */
  readonly name: string;
  readonly bytes: number;
  /** Makes it when it is wanted: ten thousand tables have twenty thousand of some kB each. */
  readonly statement: () => Statement<Sums>;
  readonly isPlain: boolean;
}

/** The scans of a side; where they go by an index, a plain count of the table besides: of a broken index the load may have lost the same rows. */
function scansOf(comparison: Comparison, pair: ComparedPair, side: Side): PlannedScan[] {
  const chunks = pair.chunks[side];
  const {length} = chunks;
  const title = `${formatRelation(pair.table)}, ${side}`;
  const scans = chunks.map((chunk, at) => ({
    side,
    name: length === 1 ? title : `${title}, ${at + 1} of ${length}`,
    bytes: pair.bytes / length,
    statement: () => sumRows(keyedTable(comparison, pair), comparison.sides.dialect, chunk),
    isPlain: false,
  }));
  if (comparison.options.sample !== null || chunks.every((chunk) => chunk?.by !== 'key')) return scans;
  const plain = {
    side,
    name: `${title}, its count`,
    bytes: pair.bytes,
    statement: () => countTable(pair.table),
    isPlain: true,
  };
  return [...scans, plain];
}

async function scanOnce(
  {scanning, options: {kept}}: Comparison,
  pair: ComparedPair,
  {side, statement, bytes}: PlannedScan,
  piece: Expected,
): Promise<Sums> {
  // Whoever has dropped a table has left the others to be compared.
  if (pair.absent === side) return piece.during(null, async () => total([]));
  const named = (): ScanName => ({side, statement: statement().text, mark: pair.marks[side]});
  const known = kept.find(named());
  if (known !== null) return piece.during(null, async () => known);
  const {table, hides} = pair;
  const [sums] = await scanning.rows({side, statement, table, hides, bytes}, async (work) => piece.during(null, work));
  if (sums === undefined) throw new Error('bug: a sum gives one row');
  await kept.keep(named(), sums);
  return sums;
}

function keyedTable({options: {sample}}: Comparison, {table, columns, key}: ComparedPair): KeyedTable {
  return {table, columns, key: key ?? columns, sample};
}

async function conclude(
  comparison: Comparison,
  pair: ComparedPair,
  read: Readonly<Record<Side, Read>>,
): Promise<TableComparison> {
  const [replica, target] = [total(read.replica.sums), total(read.target.sums)];
  const isSame = replica.rows === target.rows && replica.sum === target.sum;
  const {sides, scanning, options} = comparison;
  const table = keyedTable(comparison, pair);
  const {dialect} = sides;
  const {showValues} = options;
  const isToFind = !isSame && pair.absent === undefined;
  const found = isToFind ? await findRows({pair, table, dialect, scanning, showValues, replica, target}) : null;
  const uncounted = SIDES.flatMap((side) => whyUncounted(side, read[side]) ?? []);
  const rows =
    pair.absent === undefined
      ? withWhy(found, [...(pair.problem === null ? [] : [pair.problem]), ...uncounted])
      : notThere(pair.absent);
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

/** Why scans by an index are not the table; null where they are. Pure. */
export function whyUncounted(side: Side, {sums, plain}: Readonly<Read>): string | null {
  const {rows} = total(sums);
  if (plain === null || plain === rows) return null;
  const [where, then] =
    side === 'replica'
      ? ['source', 'REINDEX it there, and load the table again from a new P']
      : ['target', 'REINDEX it there, and compare again'];
  return `by the index of its key the ${side} has ${formatCount(rows)} rows, by a plain count ${formatCount(plain)}: the index is broken (bt_index_check of amcheck says more of it, on the ${where}); ${then}`;
}

/** A table that only one side has. */
function notThere(side: Side): RowsThatDiffer {
  const then = side === 'target' ? ': longhaul compare --objects has the statement that makes it' : '';
  return {total: 0, atLeast: false, first: [], why: `the table is not on the ${side}${then}`};
}

/** What was found, with what is to be said besides. Pure. */
function withWhy(found: RowsThatDiffer | null, reasons: readonly string[]): RowsThatDiffer | null {
  if (reasons.length === 0) return found;
  if (found === null) return {total: 0, atLeast: false, first: [], why: [...reasons, 'all else is equal'].join('; ')};
  return {...found, why: [...reasons, ...(found.why === null ? [] : [found.why])].join('; ')};
}

/** The sums of scans that together are a table. Pure. */
export function total(sums: readonly Sums[]): Sums {
  return {
    rows: sums.reduce((all, {rows}) => all + rows, 0),
    sum: String(sums.reduce((all, {sum}) => all + BigInt(sum), 0n)),
  };
}

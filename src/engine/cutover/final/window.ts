import {LANES} from './lanes.ts';

/** What is read of a table: every row, by a sum of hashes, or how many rows there are. */
export type How = 'rows' | 'count';

/** What is done next with a table. */
export interface Reading<Table> {
  readonly pair: Table;
  readonly how: How;
}

interface Sized {
  readonly bytes: number;
}

/** Tables in the order in which they are compared. */
export interface Ordered<Table> {
  /** Those that were written to since they were last found equal. */
  readonly written: readonly Table[];
  readonly others: readonly Table[];
}

/** What there is time for while writes are stopped, by the usual pace. */
export interface WindowPlan<Table> {
  /** Every row of these. */
  readonly summed: readonly Table[];
  /** The number of rows of these. */
  readonly counted: readonly Table[];
  /** Nothing of these, before the target is opened. */
  readonly neither: readonly Table[];
}

/** Bytes that a lane reads in a millisecond: hashing every row, and counting alone. Experience (docs/decisions/0085-counts-in-the-write-stop.md); a server that is slower leaves more of them, by name. */
const HASHED = 60_000;
const COUNTED = 240_000;

/**
 * What the time is for. Where it is enough every row of all tables is compared, which counts them as well. Else every row of what was written to, as far as it fits: one that a lane alone could not read in
 * the time would keep all others from being read. Then the others are counted, the smallest first, which takes a quarter of the time. Pure.
 */
export function planWindow<Table extends Sized>({written, others}: Ordered<Table>, forMs: number): WindowPlan<Table> {
  const all = [...written, ...others];
  const laneMs = forMs * LANES;
  const whole = fitting(all, {pace: HASHED, forMs, leftMs: laneMs});
  if (whole.length === all.length) return {summed: whole, counted: [], neither: []};
  const summed = fitting(written, {pace: HASHED, forMs, leftMs: laneMs});
  const usedMs = summed.reduce((sum, {bytes}) => sum + bytes / HASHED, 0);
  const rest = without(all, summed).toSorted((a, b) => a.bytes - b.bytes);
  const counted = fitting(rest, {pace: COUNTED, forMs, leftMs: laneMs - usedMs});
  return {summed, counted, neither: without(rest, counted)};
}

/** What is read of all these tables, one after the other: behind what there is time for, every row of the rest. Pure. */
export function orderOfReading<Table extends Sized>(tables: Ordered<Table>, forMs: number): Reading<Table>[] {
  const {summed, counted} = planWindow(tables, forMs);
  return [
    ...summed.map((pair) => ({pair, how: 'rows' as const})),
    ...counted.map((pair) => ({pair, how: 'count' as const})),
    ...without([...tables.written, ...tables.others], summed).map((pair) => ({pair, how: 'rows' as const})),
  ];
}

/** Those that a lane reads in the time, and all lanes together. */
function fitting<Table extends Sized>(
  tables: readonly Table[],
  {pace, forMs, leftMs}: {readonly pace: number; readonly forMs: number; readonly leftMs: number},
): Table[] {
  let usedMs = 0;
  return tables.filter(({bytes}) => {
    const ms = bytes / pace;
    if (ms > forMs || usedMs + ms > leftMs) return false;
    usedMs += ms;
    return true;
  });
}

function without<Table>(tables: readonly Table[], others: readonly Table[]): Table[] {
  const known = new Set(others);
  return tables.filter((one) => !known.has(one));
}

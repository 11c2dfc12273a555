import {sumRows} from '../../../pg/compare/table-sums.ts';
import {sumObjects} from '../../../pg/cutover/object-contents.ts';
import {readObjectBytes} from '../../../pg/load/large-objects.ts';
import type {Session} from '../../../pg/session/session.ts';
import {SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';
import type {Statement} from '../../../pg/session/statement.ts';
import {maybe} from '../../../pg/session/versions.ts';
import type {Sides} from '../../compare/read-sides.ts';
import type {StepContext} from '../../step.ts';
import {LANES} from '../final/lanes.ts';
import {isMendable, isSmall} from './choose-way.ts';
import type {RestSide} from './compare-rest.ts';
import {OBJECT_BUCKETS} from './copy-objects.ts';
import type {Rest, RestTable} from './read-rest.ts';

/** How quickly rows are read and copied, in bytes a millisecond, and how long the large objects take. */
export interface RestRates {
  readonly hashed: number;
  readonly copied: number;
  readonly objectsMs: number;
}

/** Where nothing was measured: a server that reads no table by its pages, a table too small to tell, or one that takes longer than is tried. */
const USUAL = {hashed: 60_000, copied: 30_000} as const;
/** Each connects, and one that copies begins a program on each side besides. */
const SESSIONS_MS = 40;
const PROGRAMS_MS = 150;

type Sized = Pick<RestTable, 'source' | 'kind'>;

/** How long a table takes to be compared, and then to be made the same. */
function partsOf(
  {source, kind}: Sized,
  {hashed, copied}: RestRates,
): {readonly compare: number; readonly copy: number} {
  const compare = source.bytes / hashed;
  if (kind === 'inserts-only' && source.changed === 0) return {compare, copy: 0};
  const isMended =
    !isSmall(source) && kind === 'inserts-only' && source.changed !== null && isMendable(source, source.changed);
  // Read once more afterwards; and once more before, to find the rows.
  return {compare, copy: isMended ? 2 * compare : compare + source.bytes / copied};
}

/** How long a table takes, alone. Pure. */
export function tableMs(table: Sized, rates: RestRates): number {
  const {compare, copy} = partsOf(table, rates);
  return compare + copy;
}

/** How long copy-the-rest takes altogether. Pure. */
export function restMs(tables: readonly Sized[], hasObjects: boolean, rates: RestRates): number {
  if (tables.length === 0 && !hasObjects) return 0;
  const each = tables.map((one) => partsOf(one, rates));
  // They are compared beside each other, and copied one after the other.
  const reads = each.map(({compare}) => compare);
  const compareMs = Math.max(...reads, 0, sumOf(reads) / LANES);
  const copyMs = sumOf(each.map(({copy}) => copy));
  return SESSIONS_MS + compareMs + copyMs + (copyMs > 0 ? PROGRAMS_MS : 0) + rates.objectsMs;
}

function sumOf(figures: readonly number[]): number {
  return figures.reduce((sum, ms) => sum + ms, 0);
}

/** So much is read to see how quickly it goes. */
const TRIED_BYTES = 8 * 1024 ** 2;
const PAGE_BYTES = 8192;
const TRY = {timeoutMs: 5_000};

/** How many pages are tried, and how many bytes these are with what they have in TOAST. Pure. */
export function triedOf({bytes, heapBytes}: Pick<RestTable['source'], 'bytes' | 'heapBytes'>): {
  readonly pages: number;
  readonly bytes: number;
} {
  const pages = Math.max(1, Math.round((TRIED_BYTES / PAGE_BYTES) * Math.min(1, heapBytes / bytes)));
  return {pages, bytes: bytes * Math.min(1, (pages * PAGE_BYTES) / Math.max(1, heapBytes))};
}

/** How long a statement took, at least a millisecond; null where it was not done in time: then nothing is known, and nothing fails. */
async function timed(ctx: StepContext, session: Session, statement: Statement<object>): Promise<number | null> {
  const began = ctx.steady();
  try {
    await session.run(statement, TRY);
  } catch (error) {
    if (sqlStateOf(error) !== SQLSTATE.queryCanceled || ctx.signal.aborted) throw error;
    return null;
  }
  return Math.max(1, ctx.steady() - began);
}

/** Reads a few megabytes of the largest table, and a part of the large objects, on the slower side: the source. */
export async function measureRates(
  ctx: StepContext,
  {
    sides,
    dialect,
    rest,
  }: {readonly sides: readonly RestSide[]; readonly dialect: Sides['dialect']; readonly rest: Rest},
): Promise<RestRates> {
  const source = await ctx.session('source');
  const target = await ctx.session('target');
  const hashed = await measureRows(ctx, [source, target], {sides, dialect});
  return {...USUAL, ...(hashed === null ? {} : {hashed}), objectsMs: await measureObjects(ctx, source, rest)};
}

async function measureRows(
  ctx: StepContext,
  sessions: readonly Session[],
  {sides, dialect}: {readonly sides: readonly RestSide[]; readonly dialect: Sides['dialect']},
): Promise<number | null> {
  const [largest] = sides.toSorted((a, b) => b.pair.bytes - a.pair.bytes);
  if (largest === undefined || largest.pair.bytes < TRIED_BYTES) return null;
  const {table, columns} = largest.pair;
  const tried = triedOf(largest.rest.source);
  const chunk = {by: 'pages', from: 0, to: tried.pages} as const;
  const statement = sumRows({table, columns, key: columns, sample: null}, dialect, chunk);
  const rates: number[] = [];
  for (const session of sessions) {
    if (maybe('tidRangeScan', session.version) === null) continue;
    const ms = await timed(ctx, session, statement);
    rates.push(ms === null ? USUAL.hashed : tried.bytes / ms);
  }
  return rates.length === 0 ? null : Math.min(...rates);
}

async function measureObjects(ctx: StepContext, source: Session, {objects}: Rest): Promise<number> {
  if (objects.source === 0) return 0;
  const {bytes} = await source.one(readObjectBytes());
  const usual = bytes / USUAL.hashed;
  const contents = ctx.config.cutover.largeObjects === 'contents';
  const parts = contents ? 2 ** Math.max(0, Math.ceil(Math.log2(bytes / TRIED_BYTES))) : LANES;
  const numbers = await timed(ctx, source, sumObjects({contents: false, of: OBJECT_BUCKETS, part: 0, parts}));
  if (!contents) return numbers ?? Math.max(TRY.timeoutMs, usual);
  const whole = await timed(ctx, source, sumObjects({contents, of: OBJECT_BUCKETS, part: 0, parts}));
  return numbers === null || whole === null ? TRY.timeoutMs + usual : objectsMs({numbers, whole, parts});
}

/** How long the large objects take by a part of them: each lane looks at the numbers of all, and reads what its own hold. Pure. */
export function objectsMs({numbers, whole, parts}: Readonly<Record<'numbers' | 'whole' | 'parts', number>>): number {
  return numbers + (Math.max(0, whole - numbers) * parts) / Math.min(LANES, parts);
}

import {sumRows} from '../../../pg/compare/table-sums.ts';
import {sumObjects} from '../../../pg/cutover/object-contents.ts';
import {readObjectBytes} from '../../../pg/load/large-objects.ts';
import type {Session} from '../../../pg/session/session.ts';
import {maybe} from '../../../pg/session/versions.ts';
import type {Sides} from '../../compare/read-sides.ts';
import type {StepContext} from '../../step.ts';
import {isSmall} from './choose-way.ts';
import type {RestSide} from './compare-rest.ts';
import {OBJECT_BUCKETS} from './copy-objects.ts';
import type {Rest, RestTable} from './read-rest.ts';
import {LANES} from './sessions.ts';

/** How quickly rows are read and copied, in bytes a millisecond, and how long the large objects take. */
export interface RestRates {
  readonly hashed: number;
  readonly copied: number;
  readonly objectsMs: number;
}

/** Where nothing was measured: a server that reads no table by its pages, or a table too small to tell. */
const USUAL = {hashed: 60_000, copied: 30_000} as const;
/** Each connects, and one that copies begins a program on each side besides. */
const SESSIONS_MS = 40;
const PROGRAMS_MS = 150;
/** So many changed rows are still mended one by one. */
const FEW_ROWS = 100_000;

/** How long a table takes, alone. Pure. */
export function tableMs({source, why}: Pick<RestTable, 'source' | 'why'>, {hashed, copied}: RestRates): number {
  const read = source.bytes / hashed;
  if (why === 'inserts only' && source.changed === 0) return read;
  const isMended = !isSmall(source) && why === 'inserts only' && source.changed !== null && source.changed < FEW_ROWS;
  // Read once more afterwards; and once more before, to find the rows.
  return isMended ? 3 * read : 2 * read + source.bytes / copied;
}

/** How long copy-the-rest takes altogether. Pure. */
export function restMs(
  tables: readonly Pick<RestTable, 'source' | 'why'>[],
  hasObjects: boolean,
  rates: RestRates,
): number {
  if (tables.length === 0 && !hasObjects) return 0;
  const each = tables.map((one) => tableMs(one, rates));
  // They are compared beside each other, and copied one after the other.
  const rows = Math.max(...each, 0, each.reduce((sum, ms) => sum + ms, 0) / LANES);
  const copies = tables.some(({source, why}) => why !== 'inserts only' || source.changed !== 0);
  return SESSIONS_MS + rows + (copies ? PROGRAMS_MS : 0) + rates.objectsMs;
}

/** So much is read to see how quickly it goes. */
const TRIED_BYTES = 8 * 1024 ** 2;
const TRIED_PAGES = 1024;
const TRY = {timeoutMs: 5_000};

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
  const chunk = {by: 'pages', from: 0, to: TRIED_PAGES} as const;
  const statement = sumRows({table, columns, key: columns, sample: null}, dialect, chunk);
  const rates: number[] = [];
  for (const session of sessions) {
    if (maybe('tidRangeScan', session.version) === null) continue;
    const began = ctx.steady();
    await session.run(statement, TRY);
    rates.push(TRIED_BYTES / Math.max(1, ctx.steady() - began));
  }
  return rates.length === 0 ? null : Math.min(...rates);
}

async function measureObjects(ctx: StepContext, source: Session, {objects}: Rest): Promise<number> {
  if (objects.source === 0) return 0;
  const {bytes} = await source.one(readObjectBytes());
  const parts = 2 ** Math.max(0, Math.ceil(Math.log2(bytes / TRIED_BYTES)));
  const contents = ctx.config.cutover.largeObjects === 'contents';
  const began = ctx.steady();
  await source.run(sumObjects({contents, of: OBJECT_BUCKETS, part: 0, parts}), TRY);
  return ((ctx.steady() - began) * parts) / Math.min(LANES, parts);
}

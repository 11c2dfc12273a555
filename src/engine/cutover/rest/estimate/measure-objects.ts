import {beginWriting, rollback} from '../../../../pg/capture/adoption.ts';
import {
  makeObjects,
  PIECE_BYTES,
  readObjectDigests,
  readObjectPieces,
  sumObjects,
  type ObjectPiece,
  type ObjectSums,
} from '../../../../pg/cutover/object-contents.ts';
import {readObjectBytes} from '../../../../pg/load/large-objects.ts';
import type {StepContext} from '../../../step.ts';
import {LANES, type Pair} from '../../final/lanes.ts';
import {AT_ONCE, differingObjects, differingSums, OBJECT_BUCKETS} from '../copy-objects.ts';
import type {Rest} from '../read-rest.ts';
import type {RestFigures} from './estimate.ts';
import {timeOf, usualTime, type Figure} from './figures.ts';
import {timed, TRIED_BYTES, TRY_MS} from './tried.ts';

/** Where what they hold was not read in time, in bytes a millisecond. */
const USUAL_HASHED = 40_000;

/** How long the large objects take: a part of them is compared by all lanes, and what differs among them is counted. */
export async function measureObjects(
  ctx: StepContext,
  pairs: readonly Pair[],
  {objects}: Pick<Rest, 'objects'>,
): Promise<Partial<RestFigures>> {
  const [first] = pairs;
  if (first === undefined || objects.source + objects.target === 0) return {};
  const contents = ctx.config.cutover.largeObjects === 'contents';
  const {bytes} = await first.source.one(readObjectBytes());
  const numbers = await compareParts(ctx, pairs, {contents: false, parts: LANES});
  if (numbers === null) return {objectsMs: usualTime(TRY_MS + (contents ? bytes / USUAL_HASHED : 0))};
  const made = madeOf(numbers);
  if (!contents) {
    const changed = {best: made, likely: made, worst: made};
    return {
      objectsMs: timeOf([numbers.ms]),
      changedMs: await madeAgainMs(ctx, first, {bytes, objects, changed}),
    };
  }
  const parts = 2 ** Math.max(Math.log2(LANES), Math.ceil(Math.log2((2 * bytes) / TRIED_BYTES)));
  const whole = await compareParts(ctx, pairs, {contents, parts});
  if (whole === null) return {objectsMs: usualTime(TRY_MS + bytes / USUAL_HASHED)};
  const differing = await countDiffering(ctx, pairs, whole);
  const changed = changedOf({made, differing, times: parts / LANES, most: objects.source});
  return {
    objectsMs: timeOf([objectsMs({numbers: numbers.ms, whole: whole.ms, parts})]),
    changedMs: await madeAgainMs(ctx, first, {bytes, objects, changed}),
  };
}

interface Compared {
  readonly ms: number;
  /** Both sides of each lane. */
  readonly lanes: readonly {readonly own: readonly ObjectSums[]; readonly there: readonly ObjectSums[]}[];
}

/** Each lane its part on both sides; null where that takes too long. */
async function compareParts(
  ctx: StepContext,
  pairs: readonly Pair[],
  {contents, parts}: {readonly contents: boolean; readonly parts: number},
): Promise<Compared | null> {
  const all = await Promise.all(
    pairs.map(async ({source, target}, part) => {
      const statement = sumObjects({contents, of: OBJECT_BUCKETS, part, parts});
      return Promise.all([timed(ctx, source, statement), timed(ctx, target, statement)]);
    }),
  );
  const lanes = all.flatMap(([own, there]) =>
    own.rows === null || there.rows === null ? [] : [{own: own.rows, there: there.rows}],
  );
  return lanes.length < all.length ? null : {ms: Math.max(...all.flat().map(({ms}) => ms)), lanes};
}

/** How many large objects of the source the target lacks, by their numbers alone; one where as many others are there. */
function madeOf({lanes}: Compared): number {
  return lanes.reduce((sum, {own, there}) => {
    const objects = new Map(there.map((one) => [one.bucket, one.objects]));
    const differing = new Set(differingSums(own, there));
    const more = own
      .filter(({bucket}) => differing.has(bucket))
      .map((one) => Math.max(1, one.objects - (objects.get(one.bucket) ?? 0)));
    return sum + more.reduce((all, one) => all + one, 0);
  }, 0);
}

/** How many of those that were compared are others, or are not there. */
async function countDiffering(ctx: StepContext, [first]: readonly Pair[], {lanes}: Compared): Promise<number> {
  const buckets = lanes.flatMap(({own, there}) => differingSums(own, there));
  if (first === undefined || buckets.length === 0) return 0;
  const statement = readObjectDigests(true, {buckets, of: OBJECT_BUCKETS});
  const [own, there] = await Promise.all([timed(ctx, first.source, statement), timed(ctx, first.target, statement)]);
  return own.rows === null || there.rows === null
    ? buckets.length
    : differingObjects(own.rows, there.rows).changed.length;
}

type Count = Pick<Figure, 'best' | 'likely' | 'worst'>;

/** How many differ of all, by so many in a part; of what is counted by chance twice its root more or fewer are nothing unusual, and none in the part may be a few. Pure. */
export function changedOf(seen: Readonly<Record<'made' | 'differing' | 'times' | 'most', number>>): Count {
  const {made, differing, times, most} = seen;
  const within = (count: number): number => Math.min(most, Math.max(made, count * times));
  // All of them were looked at.
  if (times <= 1) return {best: within(differing), likely: within(differing), worst: within(differing)};
  const give = 2 * Math.sqrt(differing);
  return {best: within(differing - give), likely: within(differing), worst: within(differing + give + 3)};
}

/** How long it takes to make so many again: some are read, and made on the target in a transaction that is rolled back; on a way back they are only read. */
async function madeAgainMs(
  ctx: StepContext,
  {source, target}: Pair,
  {bytes, objects, changed}: {readonly bytes: number; readonly objects: Rest['objects']; readonly changed: Count},
): Promise<Figure> {
  if (changed.worst === 0 || objects.source === 0) return timeOf([0]);
  const few = Math.min(OBJECT_BUCKETS, Math.ceil((2 * AT_ONCE * OBJECT_BUCKETS) / objects.source));
  const buckets = Array.from({length: few}, (_, bucket) => bucket);
  const known = await timed(ctx, source, readObjectDigests(false, {buckets, of: OBJECT_BUCKETS}));
  const oids = (known.rows ?? []).slice(0, AT_ONCE).map(({oid}) => oid);
  if (oids.length === 0) return usualTime(changed.likely);
  const read = await timed(ctx, source, readObjectPieces(oids, 0));
  const isOnlyRead = ctx.isBack === true || read.rows === null;
  const ms = read.ms + (isOnlyRead ? read.ms : await madeMs(ctx, target, read.rows ?? []));
  // Larger ones go piece by piece.
  const eachMs = (ms / oids.length) * Math.max(1, bytes / objects.source / PIECE_BYTES);
  return {
    best: changed.best * eachMs,
    likely: changed.likely * eachMs,
    worst: changed.worst * eachMs,
    isMeasured: !isOnlyRead,
  };
}

/** Under numbers that nobody has. */
async function madeMs(ctx: StepContext, target: Pair['target'], pieces: readonly ObjectPiece[]): Promise<number> {
  await target.run(beginWriting());
  try {
    return (await timed(ctx, target, makeObjects(pieces.map((one) => ({...one, oid: '0'}))))).ms;
  } finally {
    if (!target.lost) await target.run(rollback());
  }
}

/** How long the large objects take by a part of them: each lane looks at the numbers of all, and reads what its own hold. Pure. */
export function objectsMs({numbers, whole, parts}: Readonly<Record<'numbers' | 'whole' | 'parts', number>>): number {
  return numbers + (Math.max(0, whole - numbers) * parts) / Math.min(LANES, parts);
}

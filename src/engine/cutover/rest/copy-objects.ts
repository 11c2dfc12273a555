import {createHash} from 'node:crypto';
import {inPieces} from '../../../domain/base/in-pieces.ts';
import type {Pair} from '../final/lanes.ts';
import {beginWriting, commit, rollback} from '../../../pg/capture/adoption.ts';
import {
  makeObjects,
  PIECE_BYTES,
  putObjectPieces,
  readObjectDigests,
  readObjectPieces,
  removeObjects,
  sumObjects,
  type ObjectDigest,
  type ObjectPiece,
  type ObjectSums,
} from '../../../pg/cutover/object-contents.ts';
import {commentOnLargeObject, readCommentsOnObjects} from '../../../pg/objects/large-objects.ts';
import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import type {StepContext} from '../../step.ts';
import type {Deadline} from './deadline.ts';
import {giveAsOnSource, giveRights, readRightsOf} from './object-owners.ts';
import type {RestSessions} from './sessions.ts';

/** By so many ends of their numbers large objects are told apart. */
export const OBJECT_BUCKETS = 4096;
/** Each that is made or removed holds a lock until its transaction ends. */
export const AT_ONCE = 20;

/** Which large objects differ. */
export interface ObjectsDiffering {
  /** New, or with other contents: copied. */
  readonly changed: readonly string[];
  /** Of the target alone. */
  readonly removed: readonly string[];
}

/**
 * Compares the large objects of both sides, and makes those of the target as they are on the source: contents, comments, owners and grants. On the way back those of the source keep the owners and grants that they
 * have, for the target's may be what a move has made of them.
 */
export async function copyObjects(
  ctx: StepContext,
  {pairs}: RestSessions,
  deadline: Deadline,
): Promise<Evidence<'copy-the-rest'>['objects']> {
  const [pair] = pairs;
  if (pair === undefined) throw new Error('bug: there is one lane at least');
  const contents = ctx.config.cutover.largeObjects === 'contents';
  const {own, buckets} = await compareObjects(pairs, contents, deadline);
  const {changed, removed} =
    buckets.length === 0 ? {changed: [], removed: []} : await readDiffering(pair, {contents, buckets, deadline});
  const kept = ctx.isBack === true ? await readRightsOf(ctx, pair, {oids: changed, deadline}) : null;
  for (const some of inPieces(removed, AT_ONCE))
    await inTransaction(pair, deadline, async () => remove(pair, some, deadline));
  for (const some of inPieces(changed, AT_ONCE)) {
    ctx.signal.throwIfAborted();
    await inTransaction(pair, deadline, async () => {
      await remove(pair, some, deadline);
      await copy(pair, some, deadline);
      if (kept !== null) await giveRights(pair.target, kept, {made: some, deadline});
    });
  }
  if (kept === null) await giveAsOnSource(ctx, pair, deadline);
  const objects = own.reduce((all, one) => all + one.objects, 0);
  return {compared: objects, copied: changed.length, removed: removed.length, sum: digestOf(own)};
}

/** The sums of the source, and the buckets that differ; each lane reads its part of the numbers on both sides. */
async function compareObjects(
  pairs: readonly Pair[],
  contents: boolean,
  deadline: Deadline,
): Promise<{readonly own: readonly ObjectSums[]; readonly buckets: readonly number[]}> {
  const parts = pairs.length;
  const sums = await Promise.all(
    pairs.map(async ({source, target}, part) => {
      const statement = sumObjects({contents, of: OBJECT_BUCKETS, part, parts});
      const limits = {timeoutMs: deadline.left()};
      const [own, there] = await Promise.all([source.run(statement, limits), target.run(statement, limits)]);
      return {own, buckets: differingSums(own, there)};
    }),
  );
  return {
    own: sums.flatMap(({own}) => own),
    buckets: sums.flatMap(({buckets}) => buckets),
  };
}

/** What large objects come to, in a word: the same as long as nobody has made or removed one, or, where contents are summed, written one. Pure. */
export function digestOf(sums: readonly ObjectSums[]): string {
  const lines = sums
    .toSorted((a, b) => a.bucket - b.bucket)
    .map(({bucket, objects, sum}) => `${bucket} ${objects} ${sum}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** The large objects of the target alone, by their numbers; what they hold is not read. */
export async function readTargetAlone(pair: Pair, deadline: Deadline): Promise<readonly string[]> {
  const {buckets} = await compareObjects([pair], false, deadline);
  if (buckets.length === 0) return [];
  return (await readDiffering(pair, {contents: false, buckets, deadline})).removed;
}

/** Pure. */
export function differingSums(source: readonly ObjectSums[], target: readonly ObjectSums[]): number[] {
  const known = new Map(target.map((one) => [one.bucket, one]));
  const differing = source.filter(({bucket, objects, sum}) => {
    const there = known.get(bucket);
    known.delete(bucket);
    return there?.objects !== objects || there.sum !== sum;
  });
  return [...differing.map(({bucket}) => bucket), ...known.keys()];
}

async function readDiffering(
  {source, target}: Pair,
  {
    contents,
    buckets,
    deadline,
  }: {readonly contents: boolean; readonly buckets: readonly number[]; readonly deadline: Deadline},
): Promise<ObjectsDiffering> {
  const statement = readObjectDigests(contents, {buckets, of: OBJECT_BUCKETS});
  const limits = {timeoutMs: deadline.left()};
  const [own, there] = await Promise.all([source.run(statement, limits), target.run(statement, limits)]);
  return differingObjects(own, there);
}

/** Pure. */
export function differingObjects(source: readonly ObjectDigest[], target: readonly ObjectDigest[]): ObjectsDiffering {
  const there = new Map(target.map(({oid, digest}) => [oid, digest]));
  const own = new Set(source.map(({oid}) => oid));
  return {
    changed: source.filter(({oid, digest}) => there.get(oid) !== digest).map(({oid}) => oid),
    removed: target.map(({oid}) => oid).filter((oid) => !own.has(oid)),
  };
}

async function inTransaction({target}: Pair, deadline: Deadline, work: () => Promise<void>): Promise<void> {
  await target.run(beginWriting());
  try {
    await work();
    await target.run(commit(), {timeoutMs: deadline.left()});
  } catch (error) {
    if (!target.lost) await target.run(rollback());
    throw error;
  }
}

async function remove({target}: Pair, oids: readonly string[], deadline: Deadline): Promise<void> {
  await target.run(removeObjects(oids), {timeoutMs: deadline.left()});
}

/** Piece by piece, some objects at once; then what is said of them, as long as they are ours. */
async function copy({source, target}: Pair, oids: readonly string[], deadline: Deadline): Promise<void> {
  let open = oids;
  for (let offset = 0; open.length > 0; offset += PIECE_BYTES) {
    const read: ObjectPiece[] = await source.run(readObjectPieces(open, offset), {timeoutMs: deadline.left()});
    await target.run(offset === 0 ? makeObjects(read) : putObjectPieces(read, offset), {timeoutMs: deadline.left()});
    // Two digits a byte.
    open = read.filter(({piece}) => piece.length === 2 * PIECE_BYTES).map(({oid}) => oid);
  }
  for (const {oid, comment} of await source.run(readCommentsOnObjects(oids), {timeoutMs: deadline.left()}))
    await target.run(commentOnLargeObject(oid, comment), {timeoutMs: deadline.left()});
}

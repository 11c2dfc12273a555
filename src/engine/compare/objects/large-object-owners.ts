import {formatCount} from '../../../domain/base/units.ts';
import {printable} from '../../../domain/base/printable.ts';
import {
  commentOnLargeObject,
  giveLargeObject,
  readLargeObjectComments,
  readLargeObjectOwners,
  readLargeObjects,
  type LargeObjectComment,
  type LargeObjectOwner,
  type LargeObjectRow,
} from '../../../pg/objects/large-objects.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {StepContext} from '../../step.ts';
import type {Roles} from './describe-facts.ts';
import {onTarget, rankOf, shortly, type ObjectDifference} from './object-difference.ts';
import {renderStatement} from '../../../pg/session/statement.ts';

const NOT_THERE = 'is not there';

/** How many large objects are named one by one where owners differ. */
const NAMED = 200_000;

/** Compares who owns the large objects, who may use them, and what is said of them. */
export async function compareLargeObjects(ctx: StepContext, roles: Roles): Promise<ObjectDifference[]> {
  const limits = {timeoutMs: ctx.config.timeouts.scanMs};
  const [replica, target] = [await ctx.session('replica'), await ctx.session('target')];
  const comments = judgeComments(
    await replica.run(readLargeObjectComments(NAMED), limits),
    await target.run(readLargeObjectComments(NAMED), limits),
  );
  const objects = await compareOwners({replica, target}, roles, limits);
  // What is not there is spoken of by nobody.
  const gone = new Set(objects.filter(({differs}) => differs === NOT_THERE).map(({object}) => object));
  return [...objects, ...comments.filter(({object}) => !gone.has(object))];
}

/** In sums first, and one by one where those differ. */
async function compareOwners(
  {replica, target}: Readonly<Record<'replica' | 'target', Session>>,
  roles: Roles,
  limits: {readonly timeoutMs: number},
): Promise<ObjectDifference[]> {
  const wanted = await replica.run(readLargeObjectOwners(), limits);
  const there = await target.run(readLargeObjectOwners(), limits);
  const asThere = sums(wanted.map((row) => ({...row, owner: ownerThere(row.owner, roles)})));
  if (JSON.stringify(asThere) === JSON.stringify(sums(there))) return [];
  const named = judgeLargeObjects(
    (await replica.run(readLargeObjects(NAMED), limits)).map((row) => ({...row, owner: ownerThere(row.owner, roles)})),
    await target.run(readLargeObjects(NAMED), limits),
  );
  return named.length > 0 ? named : [differBeyond(count(wanted), count(there))];
}

function count(rows: readonly LargeObjectOwner[]): number {
  return rows.reduce((sum, {objects}) => sum + objects, 0);
}

/** The sums differ, and none of those that were looked at one by one does. Pure. */
export function differBeyond(wanted: number, there: number): ObjectDifference {
  return {
    object: 'large objects',
    differs: 'differ in number, owner or privileges',
    why: `${formatCount(wanted)} on the source, ${formatCount(there)} on the target; the first ${formatCount(NAMED)} of the source are there as they are to be`,
    query: null,
    rank: rankOf('large object', null),
    creates: false,
    statement: null,
    remedy:
      'compare pg_largeobject_metadata of both sides by oid: what the target has more was there before, or somebody has made it',
  };
}

/** What ours may not give away belongs to the role that restored it, as the load has it. */
function ownerThere(owner: string, {own, assumable}: Roles): string {
  return assumable.has(owner) ? owner : own;
}

function sums(rows: readonly LargeObjectOwner[]): [string, string][] {
  const found = new Map<string, bigint>();
  for (const {owner, privileges, objects, sum} of rows) {
    const key = JSON.stringify([owner, privileges]);
    found.set(key, (found.get(key) ?? 0n) + BigInt(objects) * 2n ** 64n + BigInt(sum));
  }
  return [...found].map(([key, sum]): [string, string] => [key, String(sum)]).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Large objects one by one. Pure. */
export function judgeLargeObjects(
  wanted: readonly LargeObjectRow[],
  there: readonly LargeObjectRow[],
): ObjectDifference[] {
  const known = new Map(there.map((row) => [row.oid, row]));
  // What lies behind the last that was read is not known to be missing.
  const last = there.length < NAMED ? null : BigInt(there.at(-1)?.oid ?? 0);
  return wanted.flatMap((row): ObjectDifference[] => {
    const has = known.get(row.oid);
    if (has === undefined && last !== null && BigInt(row.oid) > last) return [];
    const base = {object: `large object ${row.oid}`, query: null, rank: rankOf('large object', null), creates: false};
    if (has === undefined)
      return [
        {
          ...base,
          differs: NOT_THERE,
          why: '',
          statement: null,
          remedy: 'its unit has not brought it: compare-rows, or longhaul retry with the unit of large objects',
        },
      ];
    const owner = renderStatement(giveLargeObject(row.oid, row.owner));
    return [
      ...(has.owner === row.owner
        ? []
        : [
            {
              ...base,
              differs: 'has another owner',
              why: `${printable(row.owner)} on the source, ${printable(has.owner)} on the target`,
              statement: owner,
              remedy: onTarget(owner),
            },
          ]),
      ...(has.privileges === row.privileges
        ? []
        : [
            {
              ...base,
              differs: 'has other privileges',
              why: printable(`${row.privileges ?? 'none'} on the source, ${has.privileges ?? 'none'} on the target`),
              statement: null,
              remedy: `give and take on the target what differs, ON LARGE OBJECT ${row.oid}; then longhaul run`,
            },
          ]),
    ];
  });
}

/** What is said of large objects, on either side. Pure. */
export function judgeComments(
  wanted: readonly LargeObjectComment[],
  there: readonly LargeObjectComment[],
): ObjectDifference[] {
  return [...lacking(wanted, there, true), ...lacking(there, wanted, false)];
}

/** The comments of `some` that the others have not, as they are to be on the target: there where they are the source's. */
function lacking(
  some: readonly LargeObjectComment[],
  others: readonly LargeObjectComment[],
  isWanted: boolean,
): ObjectDifference[] {
  const has = new Map(others.map(({oid, comment}) => [oid, comment]));
  // What lies behind the last that was read is not known to be missing.
  const last = others.length < NAMED ? null : BigInt(others.at(-1)?.oid ?? 0);
  return some
    .filter(({oid, comment}) => has.get(oid) !== comment && (last === null || BigInt(oid) <= last))
    .filter(({oid}) => isWanted || !has.has(oid))
    .map(({oid, comment}): ObjectDifference => {
      const statement = renderStatement(commentOnLargeObject(oid, isWanted ? comment : null));
      const [source, target] = isWanted ? [comment, has.get(oid)] : [null, comment];
      return {
        object: `large object ${oid}`,
        differs: 'has another comment',
        why: `${shortly(source)} on the source, ${shortly(target)} on the target`,
        query: null,
        remedy: onTarget(statement),
        statement,
        creates: isWanted && !has.has(oid),
        rank: rankOf('large object', 'comment'),
      };
    });
}

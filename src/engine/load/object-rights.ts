import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import {
  giveObjects,
  readObjectGroups,
  readObjectsOf,
  type ObjectGrant,
  type ObjectGroup,
} from '../../pg/load/large-objects.ts';
import {
  commentOnLargeObject,
  readLargeObjectComments,
  type LargeObjectComment,
} from '../../pg/objects/large-objects.ts';
import {readAssumableRoles, readRoleNames} from '../../pg/roles/roles.ts';
import {renderStatement} from '../../pg/session/statement.ts';
import {readComingRoles, type Foreseeing} from '../schema/copy/coming-roles.ts';
import type {StepContext} from '../step.ts';

/** Who owns the replica's large objects, and what the target's roles allow of it. */
export interface ObjectsSeen {
  /** The largest group first. */
  readonly groups: readonly (ObjectGroup & {readonly oids: string | null})[];
  /** What is said of them: the first of these. */
  readonly comments: readonly LargeObjectComment[];
  readonly assumable: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
  /** The role that restores. */
  readonly own: string;
}

/** So many comments come with the contents, for each holds a lock until the unit is in; compare-objects has the statements of the others. */
const MOST_COMMENTS = 1_000;

/** Reads both servers. The numbers of the largest group's objects are not needed: it is all that the others are not. */
export async function readObjectsSeen(ctx: StepContext, foreseeing: Foreseeing): Promise<ObjectsSeen> {
  const coming = await readComingRoles(ctx, foreseeing);
  const [replica, target] = [await ctx.session('replica'), await ctx.session('target')];
  const limits = {timeoutMs: ctx.config.timeouts.scanMs};
  const [largest, ...others] = await replica.run(readObjectGroups(), limits);
  const groups = largest === undefined ? [] : [{...largest, oids: null as string | null}];
  for (const group of others) groups.push({...group, oids: (await replica.one(readObjectsOf(group.key), limits)).oids});
  return {
    groups,
    comments: await replica.run(readLargeObjectComments(MOST_COMMENTS), limits),
    assumable: new Set([...(await target.run(readAssumableRoles(target.version))).map(({role}) => role), ...coming]),
    known: new Set([...(await target.run(readRoleNames())).map(({role}) => role), ...coming]),
    own: ctx.config.servers.target.params['user'] ?? '',
  };
}

/** What of ownership and grants stays behind, in words. Pure. */
export function objectsLeftOut({groups, assumable, known}: ObjectsSeen): string[] {
  const owners = groups.map(({owner}) => owner).filter((role) => !assumable.has(role));
  const gone = groups.flatMap(({grants}) => unknownIn(grants, known));
  return [
    ...[...new Set(owners)].map((role) => `those of role ${role} become ours`),
    ...[...new Set(gone)].map((role) => `grants to role ${role}, which is not there, go`),
  ];
}

/** What frames the contents in the unit's transaction: SQL lines, or nothing. */
export interface ObjectFrame {
  /** As whom they are made: most of them are then their owner's without an ALTER, of which each would hold a lock. */
  readonly before: string;
  readonly after: string;
}

/** SQL before and after the contents of large objects. Pure. */
export function frameObjects({groups, comments, assumable, known, own}: ObjectsSeen): ObjectFrame {
  const [largest] = groups;
  const maker = largest !== undefined && assumable.has(largest.owner) ? largest.owner : null;
  const rest = groups.slice(1);
  const others = `{${rest.flatMap(({oids}) => (oids === null || oids === '{}' ? [] : [oids.slice(1, -1)])).join(',')}}`;
  // What ours may not give away becomes ours, and not that of whoever has made most of them.
  const ownerOf = ({owner}: ObjectGroup): string | null => {
    if (owner === maker || (maker === null && !assumable.has(owner))) return null;
    return assumable.has(owner) ? owner : own;
  };
  const rights = groups.map((group) => ({
    oids: group.oids,
    others,
    owner: ownerOf(group),
    owned: group.owned === null || !assumable.has(group.owner) ? null : {role: group.owner, grants: group.owned},
    grants: group.grants.filter(({grantee}) => grantee === null || known.has(grantee)),
  }));
  return {
    before: maker === null ? '' : `SET LOCAL ROLE ${quoteIdentifier(maker)};\n`,
    // As the role that has made them, for that may speak of them.
    after: `\n${comments.map(({oid, comment}) => `${renderStatement(commentOnLargeObject(oid, comment))};\n`).join('')}RESET ROLE;\n${rights
      .filter(({owner, owned, grants}) => owner !== null || owned !== null || grants.length > 0)
      .map((one) => giveObjects(one))
      .join('')}`,
  };
}

function unknownIn(grants: readonly ObjectGrant[], known: ReadonlySet<string>): string[] {
  return grants.flatMap(({grantee}) => (grantee === null || known.has(grantee) ? [] : [grantee]));
}

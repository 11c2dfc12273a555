import {serversOf} from '../../back/mirrored.ts';
import {inPieces} from '../../../domain/base/in-pieces.ts';
import type {Pair} from '../final/lanes.ts';
import {
  giveObjects,
  readObjectGroups,
  readObjectsOf,
  takeFromObjects,
  type ObjectGrant,
  type ObjectGroup,
  type SummedGroup,
} from '../../../pg/load/large-objects.ts';
import {readAssumableRoles, readRoleNames} from '../../../pg/roles/roles.ts';
import type {Session} from '../../../pg/session/session.ts';
import {sql} from '../../../pg/session/statement.ts';
import type {StepContext} from '../../step.ts';
import type {Deadline} from './deadline.ts';

/** What a target allows of a source's owners and grants, as the load has it (engine/load/object-rights.ts). */
export interface TargetRoles {
  readonly assumable: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
  /** Who owns what cannot be given away. */
  readonly own: string;
}

type Rights = Pick<ObjectGroup, 'owner' | 'grants' | 'owned'>;

/** The owner and the grants that objects of the source have on the target. Pure. */
export function rightsOnTarget({owner, grants, owned}: Rights, {assumable, known, own}: TargetRoles): Rights {
  const there = assumable.has(owner) ? owner : own;
  return {
    owner: there,
    grants: grants.filter(({grantee}) => grantee === null || (known.has(grantee) && grantee !== there)),
    owned: assumable.has(owner) ? owned : null,
  };
}

/** The same text for the same rights, in whatever order they are. Pure. */
export function nameOfRights({owner, grants, owned}: Rights): string {
  return JSON.stringify([owner, sorted(grants), owned === null ? null : sorted(owned)]);
}

function sorted(list: readonly Partial<ObjectGrant>[]): string[] {
  return list
    .map(({grantee, privilege, grantable}) => JSON.stringify([grantee ?? null, privilege, grantable]))
    .toSorted();
}

interface Held {
  readonly rights: Rights;
  readonly keys: readonly string[];
  readonly objects: number;
  readonly numbers: bigint;
}

/** Groups of the same rights together. Pure. */
export function byRights(
  groups: readonly SummedGroup[],
  of: (rights: Rights) => Rights = (rights) => rights,
): ReadonlyMap<string, Held> {
  const all = groups.map((group) => ({group, rights: of(group)}));
  return new Map(
    [...Map.groupBy(all, ({rights}) => nameOfRights(rights))].map(([name, some]) => [
      name,
      {
        rights: some[0]?.rights ?? {owner: '', grants: [], owned: null},
        keys: some.map(({group}) => group.key),
        objects: some.reduce((sum, {group}) => sum + group.objects, 0),
        numbers: some.reduce((sum, {group}) => sum + BigInt(group.numbers), 0n),
      },
    ]),
  );
}

/** The rights that others have on the source than on the target, by their names. Pure. */
export function differingRights(source: ReadonlyMap<string, Held>, target: ReadonlyMap<string, Held>): string[] {
  return [...source].flatMap(([name, {objects, numbers}]) => {
    const there = target.get(name);
    return there?.objects === objects && there.numbers === numbers ? [] : [name];
  });
}

/** Large objects that have the same owner and grants. */
export interface SameRights {
  readonly rights: Rights;
  readonly oids: readonly string[];
}

/** What of these large objects the sides have, by their rights: of those that the target has as it has them, of the others as it may take over those of the source. */
export async function readRightsOf(
  ctx: StepContext,
  {source, target}: Pair,
  {oids, deadline}: {readonly oids: readonly string[]; readonly deadline: Deadline},
): Promise<SameRights[]> {
  const here = await rightsAmong(target, oids, deadline);
  const known = new Set(here.flatMap((one) => one.oids));
  const fresh = oids.filter((oid) => !known.has(oid));
  if (fresh.length === 0) return here;
  const roles = await readTargetRoles(ctx, target);
  const there = await rightsAmong(source, fresh, deadline);
  return [...here, ...there.map((one) => ({...one, rights: rightsOnTarget(one.rights, roles)}))];
}

async function rightsAmong(session: Session, oids: readonly string[], deadline: Deadline): Promise<SameRights[]> {
  if (oids.length === 0) return [];
  const wanted = new Set(oids);
  const groups: SameRights[] = [];
  for (const rights of await session.run(readObjectGroups(), {timeoutMs: deadline.left()})) {
    const own = (await oidsOf(session, [rights.key], deadline)).filter((oid) => wanted.has(oid));
    if (own.length > 0) groups.push({rights, oids: own});
  }
  return groups;
}

/** Gives those of them that were just made anew these rights. */
export async function giveRights(
  target: Session,
  groups: readonly SameRights[],
  {made, deadline}: {readonly made: readonly string[]; readonly deadline: Deadline},
): Promise<void> {
  for (const {rights, oids} of groups) {
    const own = oids.filter((oid) => made.includes(oid));
    if (own.length > 0) await give(target, {rights, there: new Map(), oids: own}, deadline);
  }
}

async function readTargetRoles(ctx: StepContext, target: Session): Promise<TargetRoles> {
  return {
    assumable: new Set((await target.run(readAssumableRoles(target.version))).map(({role}) => role)),
    known: new Set((await target.run(readRoleNames())).map(({role}) => role)),
    own: serversOf(ctx).target.params['user'] ?? '',
  };
}

/** Gives the target's large objects the owners and grants that they have on the source. There are few different ones, so that it costs two statements where they are the same. */
export async function giveAsOnSource(ctx: StepContext, {source, target}: Pair, deadline: Deadline): Promise<void> {
  const roles = await readTargetRoles(ctx, target);
  const read = async (session: Session): Promise<SummedGroup[]> =>
    session.run(readObjectGroups(), {timeoutMs: deadline.left()});
  const [wanted, there] = [
    byRights(await read(source), (rights) => rightsOnTarget(rights, roles)),
    byRights(await read(target)),
  ];
  for (const name of differingRights(wanted, there)) {
    const {rights, keys} = wanted.get(name) ?? {keys: []};
    if (rights === undefined) continue;
    const right = new Set(await oidsOf(target, there.get(name)?.keys ?? [], deadline));
    const wrong = (await oidsOf(source, keys, deadline)).filter((oid) => !right.has(oid));
    for (const some of inPieces(wrong, AT_ONCE)) await give(target, {rights, there, oids: some}, deadline);
  }
}

/** Each holds a lock until its transaction ends. */
const AT_ONCE = 500;

async function oidsOf(session: Session, keys: readonly string[], deadline: Deadline): Promise<string[]> {
  const oids: string[] = [];
  for (const key of keys) {
    const {oids: list} = await session.one(readObjectsOf(key), {timeoutMs: deadline.left()});
    oids.push(
      ...list
        .slice(1, -1)
        .split(',')
        .filter((oid) => oid !== ''),
    );
  }
  return oids;
}

const WHOLE = ['SELECT', 'UPDATE'].map((privilege) => ({privilege, grantable: false}));

/** What anybody has of them goes first. */
async function give(
  target: Session,
  {
    rights,
    there,
    oids,
  }: {readonly rights: Rights; readonly there: ReadonlyMap<string, Held>; readonly oids: readonly string[]},
  deadline: Deadline,
): Promise<void> {
  const held = [...there.values()].map((one) => one.rights);
  const grantees = [...new Set(held.flatMap(({grants}) => grants.map(({grantee}) => grantee)))];
  const isOwned = rights.owned !== null || held.some(({owned}) => owned !== null);
  const limits = {timeoutMs: deadline.left()};
  if (grantees.length > 0) await target.run(sql(takeFromObjects(oids, grantees)), limits);
  const gives = giveObjects({
    oids: `{${oids.join(',')}}`,
    others: '{}',
    owner: rights.owner,
    owned: isOwned ? {role: rights.owner, grants: rights.owned ?? WHOLE} : null,
    grants: rights.grants,
  });
  await target.run(sql(gives), limits);
}

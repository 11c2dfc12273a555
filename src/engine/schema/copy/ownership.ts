import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {printable} from '../../../domain/base/printable.ts';
import {
  applyDefaultGrant,
  applyGrant,
  readDefaultGrants,
  readGrants,
  type DefaultGrantRow,
  type GrantRow,
} from '../../../pg/roles/grants.ts';
import {giveTo, readOwnedObjects, type OwnedObject} from '../../../pg/roles/owned-objects.ts';
import {
  grantCreateOnDatabase,
  grantCreateOnSchema,
  readCreators,
  revokeCreateOnDatabase,
  revokeCreateOnSchema,
} from '../../../pg/roles/ownership.ts';
import {readAssumableRoles, readRoleNames} from '../../../pg/roles/roles.ts';
import {sql, type Statement} from '../../../pg/session/statement.ts';
import type {StepContext} from '../../step.ts';
import {readComingRoles, type Foreseeing} from './coming-roles.ts';

/** What the source says of owners and grants, and what the target's roles allow of it. */
export interface OwnershipSeen {
  readonly database: string;
  /** The role that restores: what it may not give away stays its own. */
  readonly own: string;
  readonly objects: readonly OwnedObject[];
  readonly grants: readonly GrantRow[];
  readonly defaults: readonly DefaultGrantRow[];
  readonly known: ReadonlySet<string>;
  /** Roles that ownership can be given to, and that ours may speak for. */
  readonly assumable: ReadonlySet<string>;
  /** Roles that may create in the target's database already. */
  readonly creators: ReadonlySet<string>;
}

/** The statements that give everything its owner and its grants, and what of the source's stays behind, in words. */
export interface Ownership {
  readonly statements: readonly Statement[];
  readonly leftOut: readonly string[];
}

/** The owners alone of one kind of object: for those that are made later than the others. */
export async function readOwnersOf(ctx: StepContext, kind: string, foreseeing: Foreseeing): Promise<Ownership> {
  const seen = await readSeen(ctx, foreseeing);
  return planOwnership({...seen, objects: seen.objects.filter((one) => one.kind === kind), grants: [], defaults: []});
}

/** Reads both servers. The statements come from the catalogs and not from a dump's text: a name may hold anything, a line break too. */
export async function readOwnership(ctx: StepContext, foreseeing: Foreseeing): Promise<Ownership> {
  return planOwnership(await readSeen(ctx, foreseeing));
}

async function readSeen(ctx: StepContext, foreseeing: Foreseeing): Promise<OwnershipSeen> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const coming = await readComingRoles(ctx, foreseeing);
  return {
    database: ctx.config.servers.target.params['dbname'] ?? '',
    own: ctx.config.servers.target.params['user'] ?? '',
    objects: await source.run(readOwnedObjects()),
    grants: await source.run(readGrants(source.version)),
    defaults: await source.run(readDefaultGrants(source.version)),
    known: new Set([...(await target.run(readRoleNames())).map(({role}) => role), ...coming]),
    assumable: new Set([...(await target.run(readAssumableRoles(target.version))).map(({role}) => role), ...coming]),
    creators: new Set((await target.run(readCreators())).map(({role}) => role)),
  };
}

/**
 * Without a superuser, ownership can only be given to a role that we are a member of and that may create in the same place. So the owners
 * get that right for as long as it takes. Grants come last, as the owners' own. Pure.
 */
export function planOwnership(seen: OwnershipSeen): Ownership {
  // A schema's owner may create in it, and so own what is in it: schemas first.
  const given = seen.objects
    .filter(({owner}) => seen.assumable.has(owner) && owner !== seen.own)
    .toSorted((a, b) => Number(b.kind === 'schema') - Number(a.kind === 'schema'));
  const owners = [...new Set(given.map(({owner}) => owner))].filter((role) => !seen.creators.has(role));
  const guests = distinctGuests(given);
  return {
    statements: [
      ...owners.map((role) => grantCreateOnDatabase(seen.database, role)),
      ...guests.map(({owner, schema}) => grantCreateOnSchema(schema, owner)),
      ...given.flatMap((object) => giveTo(object, quoteIdentifier(object.owner)) ?? []).map((text) => sql(text)),
      ...guests.map(({owner, schema}) => revokeCreateOnSchema(schema, owner)),
      ...owners.map((role) => revokeCreateOnDatabase(seen.database, role)),
      ...seen.grants
        .filter((row) => isKnown(seen, row))
        .map((row) => sql(applyGrant({...row, object: objectOnTarget(seen, row)}, granteeOf(row)))),
      ...seen.defaults
        .filter((row) => isKnown(seen, row) && seen.assumable.has(row.owner))
        .map((row) => sql(applyDefaultGrant(row, granteeOf(row)))),
    ],
    leftOut: describeLeftOut(seen),
  };
}

/** What a grant is on, as the target calls it: the database may have another name there. Pure. */
export function objectOnTarget({database}: Pick<OwnershipSeen, 'database'>, {object}: GrantRow): string {
  return object.startsWith('DATABASE ') ? `DATABASE ${quoteIdentifier(database)}` : object;
}

interface Grantee {
  readonly grantee: string | null;
}

function isKnown({known}: OwnershipSeen, {grantee}: Grantee): boolean {
  return grantee === null || known.has(grantee);
}

/** Who gets a grant, as SQL. Pure. */
export function granteeOf({grantee}: Grantee): string {
  return grantee === null ? 'PUBLIC' : quoteIdentifier(grantee);
}

function distinctGuests(given: readonly OwnedObject[]): {owner: string; schema: string}[] {
  // What is taken back from a schema's own owner would be his for good.
  const owners = new Map(given.flatMap(({kind, name, owner}) => (kind === 'schema' ? [[name, owner]] : [])));
  const pairs = given.flatMap(({owner, schema}) =>
    schema === null || owners.get(schema) === owner ? [] : [{owner, schema}],
  );
  return [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values()];
}

function describeLeftOut({objects, grants, defaults, known, assumable}: OwnershipSeen): string[] {
  const strangers = objects.filter(
    ({owner, kind}) => !assumable.has(owner) && giveTo({kind, identity: ''}, owner) !== null,
  );
  const gone = [...grants, ...defaults].flatMap(({grantee}) =>
    grantee === null || known.has(grantee) ? [] : [grantee],
  );
  const mute = defaults.filter(({owner}) => !assumable.has(owner)).map(({owner}) => owner);
  return [
    ...strangers.map(
      ({kind, identity, owner}) =>
        `${kind} ${identity}: owned by ${owner} on the source, by the role that restores it on the target`,
    ),
    ...[...new Set(gone)].map((role) => `grants to role ${role}, which is not on the target`),
    ...[...new Set(mute)].map((role) => `default privileges of role ${role}, which ours may not speak for`),
  ].map((words) => printable(words));
}

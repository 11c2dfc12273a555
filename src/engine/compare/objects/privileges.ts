import {printable} from '../../../domain/base/printable.ts';
import {
  applyDefaultGrant,
  applyGrant,
  readDefaultGrants,
  readGrants,
  type DefaultGrantRow,
  type GrantRow,
} from '../../../pg/roles/grants.ts';
import {readRoleNames} from '../../../pg/roles/roles.ts';
import {granteeOf, objectOnTarget} from '../../schema/copy/ownership.ts';
import type {StepContext} from '../../step.ts';
import type {Roles} from './describe-facts.ts';
import {judgeGrantors, readGrantors} from './grantors.ts';
import {onlyThere, onTarget, rankOf, type ObjectDifference} from './object-difference.ts';
import {keyOfGrant, revokedThere} from './revoked.ts';

/** What of privileges is compared beside those that are missing, which build-indexes asks for, too. */
interface PrivilegesCompared {
  readonly differences: readonly ObjectDifference[];
  readonly expected: readonly string[];
}

/** Privileges that only the target gives or has taken, and default privileges; `objects` are the names of what the source has. */
export async function comparePrivileges(
  ctx: StepContext,
  roles: Roles,
  objects: ReadonlySet<string>,
): Promise<PrivilegesCompared> {
  const [replica, target] = [await ctx.session('replica'), await ctx.session('target')];
  const known = new Set((await target.run(readRoleNames())).map(({role}) => role));
  const ofSource = new Set((await replica.run(readRoleNames())).map(({role}) => role));
  const [wanted, there] = [
    await replica.run(readGrants(replica.version)),
    await target.run(readGrants(target.version)),
  ];
  const [defaults, has] = [
    await replica.run(readDefaultGrants(replica.version)),
    await target.run(readDefaultGrants(target.version)),
  ];
  const {dbname: database = ''} = ctx.config.servers.target.params;
  const shared = there.filter(
    (row) => row.grantee === null || (ofSource.has(row.grantee) && row.grantee !== roles.own),
  );
  const gone = [...wanted, ...defaults].flatMap(({grantee}) =>
    grantee === null || known.has(grantee) ? [] : [grantee],
  );
  const grantors = judgeGrantors(await readGrantors(replica, target, {ofSource, known, database}));
  const more = tooMany(wanted, shared, database);
  const told = new Set(more.map(({object}) => object.replace(/ WITH GRANT OPTION$/, '')));
  return {
    differences: [
      ...more,
      ...revokedThere(wanted, shared, {objects, database}),
      // What nobody has on the source is told once, and not by whoever gave it.
      ...grantors.differences.filter(({object}) => !told.has(object.replace(/, given by .*$/s, ''))),
      ...judgeDefaults(defaults, has, {known, ofSource, roles}),
    ],
    expected: [
      ...grantors.expected,
      ...[...new Set(gone)].map((role) => `grants to role ${printable(role)}, which is not on the target`),
      ...muteOwners(defaults, has, roles).map(
        (role) => `default privileges of role ${printable(role)}, which ours may not speak for`,
      ),
    ],
  };
}

/** What was granted on the target and not on the source; a default that was revoked there is missing on the source, and the other way round. Pure. */
export function tooMany(wanted: readonly GrantRow[], there: readonly GrantRow[], database: string): ObjectDifference[] {
  const has = new Set(wanted.map((row) => keyOfGrant(row)));
  return (
    there
      // Whoever may pass it on there has it there as well: that he may not here is what is missing.
      .filter((row) => !row.revoke && !has.has(keyOfGrant(row)) && !has.has(keyOfGrant({...row, grantable: true})))
      .map((row) => {
        const onDatabase = {...row, object: objectOnTarget({database}, row)};
        const revoke = applyGrant({...onDatabase, revoke: true}, granteeOf(row));
        // He has the privilege on the source as well, and may not give it there.
        const isOption = row.grantable && has.has(keyOfGrant({...row, grantable: false}));
        const back = isOption ? revoke.replace(/^REVOKE /, 'REVOKE GRANT OPTION FOR ') : revoke;
        return {
          object: `grant ${printable(applyGrant(onDatabase, granteeOf(row)))}`,
          differs: 'is on the target only',
          why: '',
          query: null,
          remedy: onlyThere(back),
          statement: null,
          creates: false,
          rank: rankOf('grant', null),
        };
      })
  );
}

/** Whose default privileges are missing because ours may not speak for him. Pure. */
export function muteOwners(
  wanted: readonly DefaultGrantRow[],
  there: readonly DefaultGrantRow[],
  {assumable}: Roles,
): string[] {
  const has = keysOf(there);
  return [
    ...new Set(
      wanted.filter((row) => !assumable.has(row.owner) && !has.has(JSON.stringify(row))).map(({owner}) => owner),
    ),
  ];
}

/** Whose default privileges are compared. */
interface Speakers {
  /** The roles of the target. */
  readonly known: ReadonlySet<string>;
  /** The roles of the source: others are the platform's of the target. */
  readonly ofSource: ReadonlySet<string>;
  readonly roles: Roles;
}

/** What is missing of default privileges that ours could give, and what the target has too much of a role of the source's. Pure. */
export function judgeDefaults(
  wanted: readonly DefaultGrantRow[],
  there: readonly DefaultGrantRow[],
  {known, ofSource, roles: {assumable}}: Speakers,
): ObjectDifference[] {
  const [asked, has] = [keysOf(wanted), keysOf(there)];
  const isHere = ({grantee}: DefaultGrantRow): boolean => grantee === null || known.has(grantee);
  return [
    ...wanted
      .filter((row) => assumable.has(row.owner) && isHere(row) && !has.has(JSON.stringify(row)))
      .map((row) => aboutDefault(row, 'is not so')),
    ...there
      .filter(
        (row) =>
          (assumable.has(row.owner) || ofSource.has(row.owner)) && isHere(row) && !asked.has(JSON.stringify(row)),
      )
      .map((row) => aboutDefault(row, 'is on the target only')),
  ];
}

function keysOf(rows: readonly DefaultGrantRow[]): ReadonlySet<string> {
  return new Set(rows.map((row) => JSON.stringify(row)));
}

function aboutDefault(row: DefaultGrantRow, differs: string): ObjectDifference {
  const missing = differs === 'is not so';
  const statement = applyDefaultGrant(missing ? row : {...row, revoke: !row.revoke, grantable: false}, granteeOf(row));
  return {
    object: `default privileges ${printable(applyDefaultGrant(row, granteeOf(row)))}`,
    differs,
    why: '',
    query: null,
    remedy: onTarget(statement),
    statement,
    creates: missing && !row.revoke,
    rank: rankOf('default privileges', null),
  };
}

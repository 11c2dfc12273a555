import {quoteIdentifier} from '../../domain/identifier.ts';
import {readObjectRoles} from '../../pg/large-objects.ts';
import {readAssumableRoles, readRoleNames} from '../../pg/roles.ts';
import type {StepContext} from '../step.ts';

/** The roles in a dump of large objects, and which of them the target has, and ours may give ownership to there. */
export interface ObjectRoles {
  readonly owners: readonly string[];
  readonly grantees: readonly string[];
  readonly assumable: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
}

/** Asks the replica who owns large objects, and the target which of these roles it has. */
export async function readRolesOfObjects(ctx: StepContext): Promise<ObjectRoles> {
  const [replica, target] = [await ctx.session('replica'), await ctx.session('target')];
  const {owners, grantees} = await replica.one(readObjectRoles(), {timeoutMs: ctx.config.timeouts.scanMs});
  return {
    owners,
    grantees,
    assumable: new Set((await target.run(readAssumableRoles(target.version))).map(({role}) => role)),
    known: new Set((await target.run(readRoleNames())).map(({role}) => role)),
  };
}

/** What of ownership and grants stays behind, in words. Pure. */
export function objectsLeftOut({owners, grantees, assumable, known}: ObjectRoles): string[] {
  return [
    ...owners.filter((role) => !assumable.has(role)).map((role) => `those of role ${role} become ours`),
    ...grantees.filter((role) => !known.has(role)).map((role) => `grants to role ${role}, which is not there, go`),
  ];
}

/**
 * The sed expressions that take out of a dump of large objects what would end its transaction or fail on the target. pg_dump writes the
 * contents between a BEGIN and a COMMIT of its own, which would commit the unit before its token. Nothing else in such a dump stands on a
 * line like these: contents are hexadecimal, and comments are left out. Pure.
 */
export function objectFilter({owners, grantees, assumable, known}: ObjectRoles): string[] {
  const keep = owners.filter((role) => assumable.has(role));
  const gone = grantees.filter((role) => !known.has(role));
  return [
    '/^BEGIN;$/d',
    '/^COMMIT;$/d',
    // A grant of somebody else than the owner is ours on the target.
    '/^SET SESSION AUTHORIZATION .*;$/d',
    '/^RESET SESSION AUTHORIZATION;$/d',
    '/^ALTER LARGE OBJECT [0-9]* OWNER TO /{',
    ...keep.map((role) => `/ OWNER TO ${pattern(role)};$/b`),
    'd',
    '}',
    ...gone.map((role) => `/^[A-Z]* .* ON LARGE OBJECT [0-9]* [A-Z]* ${pattern(role)}\\( WITH GRANT OPTION\\)*;$/d`),
  ];
}

/** A role's quoted name as a basic regular expression between slashes. A name with a line break cannot be matched, and its unit says so. */
function pattern(role: string): string {
  return quoteIdentifier(role).replaceAll(/[\\/.*[^$]/g, String.raw`\$&`);
}

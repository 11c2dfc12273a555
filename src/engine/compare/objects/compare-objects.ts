import {readBootstrapRole} from '../../../pg/objects/bootstrap-role.ts';
import {readAssumableRoles} from '../../../pg/roles/roles.ts';
import {readTablespaces} from '../../../pg/catalog/tablespaces.ts';
import {judgeTablespaces} from '../../preflight/servers/check-tablespaces.ts';
import type {StepContext} from '../../step.ts';
import {describeFact, whyExpected, type Roles} from './describe-facts.ts';
import {compareGoal} from './goal-differences.ts';
import {judgeFacts} from './judge-facts.ts';
import {compareLargeObjects} from './large-object-owners.ts';
import type {ObjectDifference, ObjectsCompared} from './object-difference.ts';
import {comparePrivileges} from './privileges.ts';
import {readFacts} from './read-facts.ts';
import {withoutOtherWords} from './same-here.ts';

/**
 * Compares every object of the replica with the target's: what the catalogs of both say, part by part. What was meant to differ is told apart,
 * with the step that brings it.
 */
export async function compareObjects(ctx: StepContext): Promise<ObjectsCompared> {
  const replica = await ctx.session('replica');
  const roles = await readRolesOf(ctx);
  const facts = await compareFacts(ctx, roles);
  const goal = await compareGoal(ctx);
  const privileges = await comparePrivileges(ctx, roles, new Set(facts.names));
  const differences = [
    ...facts.differences,
    ...goal.differences,
    ...privileges.differences,
    ...(await compareLargeObjects(ctx, roles)),
  ];
  const tablespaces = judgeTablespaces(await replica.run(readTablespaces())).map(({seen}) => seen);
  return {
    objects: facts.names.length + goal.objects,
    differences: inOrder(differences),
    expected: [...facts.expected, ...goal.expected, ...privileges.expected, ...tablespaces],
  };
}

/** What the catalogs say of everything, as far as it differs; all that was read of both sides is forgotten with its end. */
async function compareFacts(ctx: StepContext, roles: Roles) {
  const [replica, target] = [await ctx.session('replica'), await ctx.session('target')];
  const timeoutMs = ctx.config.timeouts.scanMs;
  const {moved: wanted, left} = await readFacts(replica, ctx.config.tables, timeoutMs);
  const {moved: there} = await readFacts(target, ctx.config.tables, timeoutMs);
  // A sequence of a table that stays behind comes along where another's default uses it.
  const stays = new Set(left.map(({kind, name}) => JSON.stringify([kind, name])));
  const facts = judgeFacts(
    wanted,
    there.filter(({kind, name}) => !stays.has(JSON.stringify([kind, name]))),
  );
  const open = await withoutOtherWords(
    ctx,
    facts.filter((one) => whyExpected(one, roles) === null),
  );
  return {
    /** Of all objects of the replica, one for each. */
    names: wanted.map(({name}) => name),
    differences: open.map((one) => describeFact(one)),
    expected: facts.flatMap((one) => whyExpected(one, roles) ?? []),
  };
}

async function readRolesOf(ctx: StepContext): Promise<Roles> {
  const [replica, target] = [await ctx.session('replica'), await ctx.session('target')];
  return {
    own: ctx.config.servers.target.params['user'] ?? '',
    bootstrap: (await replica.one(readBootstrapRole())).role,
    assumable: new Set((await target.run(readAssumableRoles(target.version))).map(({role}) => role)),
  };
}

/** What has to be there first comes first; what is alike keeps its order. */
function inOrder(differences: readonly ObjectDifference[]): ObjectDifference[] {
  return differences.toSorted((a, b) => a.rank - b.rank);
}

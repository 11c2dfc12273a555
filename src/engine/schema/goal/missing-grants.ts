import type {Difference} from '../../../domain/run/difference.ts';
import {isReplayResumed} from '../../../domain/pg/hand-over.ts';
import {printable} from '../../../domain/base/printable.ts';
import {applyGrant, readGrants, type GrantRow} from '../../../pg/roles/grants.ts';
import type {Session} from '../../../pg/session/session.ts';
import {sql} from '../../../pg/session/statement.ts';
import {readRoleNames} from '../../../pg/roles/roles.ts';
import type {StepContext} from '../../step.ts';
import {isNotThere} from '../copy/apply-each.ts';
import {granteeOf, objectOnTarget} from '../copy/ownership.ts';

/**
 * Privileges that the replica's database has and the target's has not, of roles that are there. A GRANT of somebody who may not grant is no
 * error but a warning, where PUBLIC has the privilege: those on the functions of an extension that a managed server creates for us, as its own,
 * are lost without a word.
 */
export async function readMissingGrants(ctx: StepContext): Promise<Difference[]> {
  const [replica, target] = [await ctx.session('replica'), await ctx.session('target')];
  const {dbname: database = '', user: own = ''} = ctx.config.servers.target.params;
  const there = await target.run(readGrants(target.version));
  const known = new Set((await target.run(readRoleNames())).map(({role}) => role));
  const wanted = (await replica.run(readGrants(replica.version))).filter(
    ({grantee}) => grantee === null || known.has(grantee),
  );
  // Once replay goes on, what production grants from then on is not what there was at P: only what was found there is asked for.
  const state = ctx.state();
  const found = new Set(state.differences.map(({object}) => object));
  const missing = judgeGrants({wanted, there, database, own}).filter(
    ({object}) => !isReplayResumed(state) || found.has(object),
  );
  const about = await objectsThere(target, missing);
  return missing
    .filter(({object}) => about.has(object))
    .map(({object, differs, why, query, remedy}) => ({object, differs, why, query, remedy}));
}

/** Those whose object the target has: what stays behind, or was made on the source since, has no privileges either. Nothing of it stays. */
async function objectsThere(target: Session, missing: readonly MissingGrant[]): Promise<ReadonlySet<string>> {
  const there = new Set<string>();
  for (const {object, statement} of missing) {
    await target.run(sql('BEGIN'));
    try {
      await target.run(sql(statement));
      there.add(object);
    } catch (error) {
      if (!isNotThere(error)) there.add(object);
    } finally {
      if (!target.lost) await target.run(sql('ROLLBACK'));
    }
  }
  return there;
}

/** A difference, with the statement that would mend it. */
export interface MissingGrant extends Difference {
  readonly statement: string;
}

/** `own` is the role that restores, which owns the database and what is nobody's: it needs no grant. Pure. */
export function judgeGrants({
  wanted,
  there,
  database,
  own,
}: {
  readonly wanted: readonly GrantRow[];
  readonly there: readonly GrantRow[];
  readonly database: string;
  readonly own: string;
}): MissingGrant[] {
  const has = new Set(there.map((row) => keyOf(row)));
  return (
    wanted
      // Whoever may give it besides has it.
      .filter((row) => row.grantee !== own && !has.has(keyOf(row)) && !has.has(keyOf({...row, grantable: true})))
      .map((row) => {
        const onTarget = {...row, object: objectOnTarget({database}, row)};
        const statement = applyGrant(onTarget, granteeOf(row));
        const shown = printable(statement);
        return {
          statement,
          object: `grant ${shown}`,
          differs: 'is not so',
          why: 'the object belongs to a role that ours may not speak for, or it was granted after the schema was copied',
          query: null,
          remedy: `on the target, as a role that may (the owner of the object, or a superuser): ${shown}; then longhaul run`,
        };
      })
  );
}

/** The database is one, whatever it is called. */
function keyOf(row: GrantRow): string {
  return JSON.stringify({...row, object: row.object.startsWith('DATABASE ') ? 'DATABASE' : row.object});
}

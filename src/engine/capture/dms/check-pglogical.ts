import type {Finding} from '../../../domain/run/finding.ts';
import {readPglogicalRights} from '../../../pg/replication/pglogical-rights.ts';
import {readRoleRights} from '../../../pg/roles/rights.ts';
import type {StepContext} from '../../step.ts';
import {judgePglogical} from './judge-pglogical.ts';

/** What our role has to be allowed in pglogical on the source, to make a node and sets there, and what its applications have to be. */
export async function checkPglogical(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const {role} = await source.one(readRoleRights(source.version));
  const [pglogical] = await source.run(readPglogicalRights());
  return judgePglogical(role, source.version, pglogical ?? null);
}

import type {Finding} from '../../../domain/run/finding.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import {readRoleRights, type RoleRights} from '../../../pg/roles/rights.ts';
import {maybe} from '../../../pg/session/versions.ts';
import {found} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';

/** What our role has to be allowed on the source, to make slots there and to give their WAL free again. */
export async function checkSourceRights(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const rights = await source.one(readRoleRights(source.version));
  return [...judgeSlotRights(rights), ...judgeCheckpoint(rights, source.version)];
}

/** Pure. */
export function judgeSlotRights({role, superuser, replication}: RoleRights): Finding[] {
  if (superuser || replication) return [];
  const remedy = `as superuser: ALTER ROLE ${quoteIdentifier(role)} REPLICATION`;
  return [found('source').blocker('replication', `role ${role} may not create slots`, remedy)];
}

/** The way out frees space with a checkpoint; without the right to it the space comes at the next one. Pure. */
export function judgeCheckpoint(rights: RoleRights, version: ServerVersion): Finding[] {
  if (rights.checkpoint) return [];
  const {warning, note} = found('source');
  const seen = `role ${rights.role} may not write a checkpoint: what longhaul release lets go of is freed only within checkpoint_timeout`;
  return maybe('checkpointRole', version) === null
    ? [note('checkpoint', `${seen}; have a superuser at hand who can`)]
    : [warning('checkpoint', seen, `as superuser: GRANT pg_checkpoint TO ${quoteIdentifier(rights.role)}`)];
}

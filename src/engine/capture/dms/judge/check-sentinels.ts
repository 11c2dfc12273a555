import {quoteIdentifier} from '../../../../domain/pg/identifier.ts';
import type {Finding} from '../../../../domain/run/finding.ts';
import {readRoleRights, type RoleRights} from '../../../../pg/roles/rights.ts';
import {found} from '../../../preflight/found.ts';
import type {StepContext} from '../../../step.ts';

/** Whether our role may make the schema of the sentinels on the source. */
export async function checkSentinels(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const rights = await source.one(readRoleRights(source.version));
  return judgeSentinelRights(rights, ctx.config.servers.source.params['dbname'] ?? '');
}

/** Pure. */
export function judgeSentinelRights(
  {role, superuser, createInDatabase}: Pick<RoleRights, 'role' | 'superuser' | 'createInDatabase'>,
  database: string,
): Finding[] {
  if (superuser || createInDatabase) return [];
  return [
    found('source').blocker(
      'create-schema',
      `role ${role} may not create the sentinels' schema in this database`,
      `on the source, as superuser: GRANT CREATE ON DATABASE ${quoteIdentifier(database)} TO ${quoteIdentifier(role)}`,
    ),
  ];
}

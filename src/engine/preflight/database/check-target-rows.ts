import type {Finding} from '../../../domain/run/finding.ts';
import {holdsRows, readTables} from '../../../pg/catalog/inventory.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import {foreignRows, readTargetContent} from '../../load/target-content.ts';
import type {PreflightContext} from '../read-once.ts';
import {found} from '../found.ts';

/** Whether the target is empty of what is to come: found now, and not after the slots were made and the replica paused. */
export async function checkTargetRows(ctx: PreflightContext): Promise<Finding[]> {
  const {version} = await ctx.session('source');
  const tables = (await ctx.once('source', readTables(version))).filter(
    (table) => holdsRows(table) && isWanted(table, ctx.config.tables),
  );
  const content = await readTargetContent(ctx, tables, {changesNothing: true});
  return [
    ...foreignRows('target', content),
    found('target').note(
      'tables',
      contentInWords({wanted: tables.length, missing: content.missing.length, ours: content.own.length}),
    ),
  ];
}

function contentInWords({wanted, missing, ours}: {wanted: number; missing: number; ours: number}): string {
  if (ours > 0) return `${ours} of the ${wanted} tables hold what this run has loaded`;
  if (missing === wanted) return 'it has none of the tables yet: the schema is copied';
  return `${wanted - missing} of the ${wanted} tables are there already, and empty: ${missing === 0 ? 'they are stripped of indexes and used' : 'copy-schema wants all of them, or none'}`;
}

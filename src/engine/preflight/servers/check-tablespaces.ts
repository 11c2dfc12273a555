import type {Finding} from '../../../domain/run/finding.ts';
import {printable} from '../../../domain/base/printable.ts';
import {readTablespaces, type TablespaceRow} from '../../../pg/catalog/tablespaces.ts';
import type {StepContext} from '../../step.ts';
import {found, listed} from '../found.ts';

/** What is in another tablespace than the default: a managed server has only that one. */
export async function checkTablespaces(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  return judgeTablespaces(await source.run(readTablespaces()));
}

/** Pure. */
export function judgeTablespaces(rows: readonly TablespaceRow[]): Finding[] {
  if (rows.length === 0) return [];
  const total = rows.reduce((sum, {objects}) => sum + objects, 0);
  const words = listed(rows.map(({tablespace, objects}) => `${printable(tablespace)}: ${objects}`));
  return [
    found('source', 'tablespaces').note(
      'tablespaces',
      `${total} tables, indexes and materialized views are in tablespaces (${words}); on the target they are made in the database's default tablespace`,
      'where the target has tablespaces, ALTER TABLE or ALTER INDEX … SET TABLESPACE afterwards; pg_dump -s of both differs in nothing but this',
    ),
  ];
}

import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {readIndexStates} from '../../../pg/catalog/indexes.ts';
import {readAnalyzed} from '../../../pg/load/restore.ts';
import type {StepContext} from '../../step.ts';
import {planTable, type IndexSeen, type TableWork} from './table-work.ts';
import type {Wanted} from './wanted.ts';

/** What these tables lack on the target by its plain catalogs. A table that was dropped behind our back is for build-indexes to tell. */
export async function readWork(
  ctx: Pick<StepContext, 'session'>,
  wanted: Wanted,
  tables: readonly RelationName[],
): Promise<TableWork[]> {
  const target = await ctx.session('target');
  const there = new Map<string, Map<string, IndexSeen>>();
  const parents = new Set<string>();
  for (const {schema, table, name, valid, constraintType, isParent} of await target.run(readIndexStates(tables))) {
    const key = quoteRelation({schema, name: table});
    const known = there.get(key) ?? new Map<string, IndexSeen>();
    there.set(key, known);
    if (isParent) parents.add(key);
    if (name !== null) known.set(name, {valid, constraintType});
  }
  const analyzed = new Set((await target.run(readAnalyzed(tables))).map(quoteRelation));
  return tables.flatMap((table) => {
    const key = quoteRelation(table);
    const own = there.get(key);
    return own === undefined
      ? []
      : [planTable(table, wanted.of(table), {there: own, analyzed: analyzed.has(key), isParent: parents.has(key)})];
  });
}

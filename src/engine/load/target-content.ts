import type {Finding} from '../../domain/run/finding.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {readTablesWithRows} from '../../pg/catalog/target-tables.ts';
import {tablesThatHide, withEveryRow} from '../schema/copy/row-security.ts';
import {tablesThere} from '../schema/goal/tables-there.ts';
import type {StepContext} from '../step.ts';

/** What the target has of some tables. */
export interface TargetContent {
  readonly missing: readonly RelationName[];
  /** Tables that hold at least one row of their own. */
  readonly filled: readonly RelationName[];
}

const AT_ONCE = 200;

/**
 * Looks at every one of the tables on the target: one look at each, not a count. To see through row security something must be changed for
 * a moment; `changesNothing` leaves such tables out, as if they were empty.
 */
export async function readTargetContent(
  ctx: StepContext,
  tables: readonly RelationName[],
  {changesNothing}: {readonly changesNothing: boolean},
): Promise<TargetContent> {
  const target = await ctx.session('target');
  const limits = {timeoutMs: ctx.config.timeouts.scanMs};
  const {there: all, missing} = await tablesThere(target, tables);
  const hiding = changesNothing ? await tablesThatHide(target, all) : [];
  const there = all.filter((table) => !hiding.includes(table));
  const filled = new Set<string>();
  for (let from = 0; from < there.length; from += AT_ONCE) {
    const some = there.slice(from, from + AT_ONCE);
    const rows = await withEveryRow(target, some, async () => target.run(readTablesWithRows(some), limits));
    for (const {name} of rows) filled.add(name);
  }
  return {
    missing,
    filled: tables.filter((table) => filled.has(quoteRelation(table))),
  };
}

/** Rows that this run did not load would be doubled, or mixed with what it loads. `step` is who found them. Pure. */
export function foreignRows(step: string, table: RelationName): Finding {
  return {
    check: `${step}.foreign-rows`,
    severity: 'blocker',
    subject: `table ${formatRelation(table)}`,
    seen: 'the target table holds rows that this run did not load',
    remedy: `when they are not wanted: TRUNCATE ONLY ${formatRelation(table)} on the target; then run again`,
  };
}

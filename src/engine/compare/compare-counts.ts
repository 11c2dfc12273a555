import type {RelationName} from '../../domain/pg/relation.ts';
import type {MonthCount} from '../../pg/load/row-counts.ts';
import type {TableComparison} from './table-comparison.ts';

/** Compares the counts of two sides, month by month. Pure. */
export function compareCounts(
  {table, timestampColumn}: {readonly table: RelationName; readonly timestampColumn: string | null},
  replica: readonly MonthCount[],
  target: readonly MonthCount[],
): TableComparison {
  const months = [...new Set([...replica, ...target].map(({month}) => month))];
  const different = months.filter((month) => rowsOf(replica, month) !== rowsOf(target, month));
  return {
    table,
    how: 'counts',
    rows: null,
    replicaRows: total(replica),
    targetRows: total(target),
    monthsThatDiffer: timestampColumn === null ? [] : different.map((month) => month?.slice(0, 10) ?? 'none'),
    months: timestampColumn === null ? 0 : months.length,
    differs: different.length > 0,
  };
}

function rowsOf(counts: readonly MonthCount[], month: string | null): number {
  return counts.find((count) => count.month === month)?.rows ?? 0;
}

function total(counts: readonly MonthCount[]): number {
  return counts.reduce((sum, {rows}) => sum + rows, 0);
}

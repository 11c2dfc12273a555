import type {RelationName} from '../../domain/pg/relation.ts';
import type {RowsThatDiffer} from '../../domain/run/row-difference.ts';

/** How a table compares on both sides. */
export interface TableComparison {
  readonly table: RelationName;
  /** Whether every value of every row was compared, or only how many rows there are. */
  readonly how: 'rows' | 'counts';
  readonly replicaRows: number;
  readonly targetRows: number;
  /** First days of the months whose counts differ; `none` for rows without a time. */
  readonly monthsThatDiffer: readonly string[];
  /** How many months were counted; 0 for a table without a timestamp, or whose rows were compared. */
  readonly months: number;
  /** Which rows differ, as far as they were looked for; null where none does, and of counts. */
  readonly rows: RowsThatDiffer | null;
  readonly differs: boolean;
}

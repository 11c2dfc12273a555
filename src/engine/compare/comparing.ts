import type {Action} from '../action.ts';
import type {KeptSums} from './kept-sums.ts';
import type {TableComparison} from './table-comparison.ts';

/** How tables are compared, and who hears of each. */
export interface ComparingOptions {
  readonly rows: 'full' | 'quick';
  readonly lanes: number;
  /** Whether the values of rows that differ may be told. */
  readonly showValues: boolean;
  /** The name of the sessions, without their number. */
  readonly purpose: string;
  /** Of 65,536 rows so many are compared; null is every row. Counts are of all. */
  readonly sample: number | null;
  readonly kept: KeptSums;
  readonly hear: (comparison: TableComparison) => Promise<void>;
}

/** The scans of a comparison as actions, which may run beside each other. */
export interface Scans {
  readonly actions: readonly Action[];
  close(): Promise<void>;
}

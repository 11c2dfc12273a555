import type {Session} from '../../pg/session/session.ts';
import type {Action} from '../action.ts';
import type {Expected} from '../waiting/under-way.ts';
import type {KeptSums} from './kept-sums.ts';
import type {ComparedPair} from './read-sides.ts';
import type {TableComparison} from './table-comparison.ts';

/** Reads on the replica, and sees to it that it was where it is to be meanwhile. */
export type AroundReplica = <T>(replica: Session, work: () => Promise<T>) => Promise<T>;

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
  /** In place of the fence at P, where change capture runs: nothing is held up between two scans then. */
  readonly onReplica?: AroundReplica;
  /** In place of a piece of work for each scan: that of a table, which has so many scans. */
  readonly pieceOf?: (pair: ComparedPair, scans: number) => Expected;
}

/** The scans of a comparison as actions, which may run beside each other. */
export interface Scans {
  readonly actions: readonly Action[];
  close(): Promise<void>;
}

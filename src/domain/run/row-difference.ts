import {counted, formatCount} from '../base/units.ts';
import {formatRelation, type RelationName} from '../pg/relation.ts';

/** A row that is not the same on both sides. Values are text as their server writes it, cut where they are long; null is NULL. */
export interface RowDifference {
  /** `missing`: only on the replica; `extra`: only on the target; `doubled`: more often on one of them. */
  readonly kind: 'missing' | 'extra' | 'doubled' | 'changed';
  /** The row's key, or where there is none its columns; empty where values are not to be shown. */
  readonly key: readonly {readonly column: string; readonly value: string | null}[];
  /** Where the row is on each side, `(0,7)`; null where it is not there. */
  readonly replicaPlace: string | null;
  readonly targetPlace: string | null;
  /** Of a row that was changed: the columns that differ. Values are null where they are not to be shown. */
  readonly columns: readonly {
    readonly column: string;
    readonly replica: string | null;
    readonly target: string | null;
  }[];
}

/** The rows of a table that differ. */
export interface RowsThatDiffer {
  readonly total: number;
  /** Whether there may be more than `total`. */
  readonly atLeast: boolean;
  /** The first of them. */
  readonly first: readonly RowDifference[];
  /** What differs beside the rows, a column that only one side has; or why no rows are told. Null where there is nothing of the kind. */
  readonly why: string | null;
}

/** What is known of a table that was compared. */
export interface ComparedRows {
  readonly table: RelationName;
  readonly replicaRows: number;
  readonly targetRows: number;
  readonly monthsThatDiffer: readonly string[];
  /** There where every row was compared, and not only how many there are. */
  readonly how?: 'rows';
  readonly rowsThatDiffer?: RowsThatDiffer;
}

/** Whether a comparison has found its table to differ. Pure. */
export function differsIn({
  replicaRows,
  targetRows,
  monthsThatDiffer,
  rowsThatDiffer,
}: Omit<ComparedRows, 'table' | 'how'>): boolean {
  return replicaRows !== targetRows || monthsThatDiffer.length > 0 || rowsThatDiffer !== undefined;
}

/** In one line; the report has more of them. */
const ROWS_TOLD = 3;

/** `public.users: 7 rows compared, all equal`, `public.users DIFFERS: 1 row differs; id='7' …`; so many rows at most. Pure. */
export function describeComparison(entry: ComparedRows, told = ROWS_TOLD): string {
  const {table, replicaRows, targetRows, monthsThatDiffer, how, rowsThatDiffer} = entry;
  const name = formatRelation(table);
  const counts = `${counted(replicaRows, 'row')} on the replica, ${formatCount(targetRows)} on the target`;
  if (rowsThatDiffer !== undefined) {
    const first = rowsThatDiffer.first.slice(0, told).map((row) => describeRow(row));
    return `${name} DIFFERS: ${[countWords(rowsThatDiffer), ...(replicaRows === targetRows ? [] : [counts]), ...first].join('; ')}`;
  }
  if (replicaRows !== targetRows) return `${name} DIFFERS: ${counts}`;
  if (monthsThatDiffer.length > 0) return `${name} DIFFERS in the months ${monthsThatDiffer.join(', ')}`;
  const rows = counted(replicaRows, 'row');
  return how === 'rows' ? `${name}: ${rows} compared, all equal` : `${name}: ${rows} counted on both sides`;
}

/** `3 rows differ`, `at least 40 rows differ`, `the target lacks the columns note; 3 rows differ`. Pure. */
export function countWords({total, atLeast, why}: RowsThatDiffer): string {
  if (why !== null && total === 0) return why;
  const words = `${atLeast ? 'at least ' : ''}${total === 1 ? '1 row differs' : `${formatCount(total)} rows differ`}`;
  return why === null ? words : `${why}; ${words}`;
}

/** `id=7 differs in name: 'Ann' on the replica, 'Anna' on the target`. Pure. */
export function describeRow({kind, key, replicaPlace, targetPlace, columns}: RowDifference): string {
  const places = [
    ...(replicaPlace === null ? [] : [`${replicaPlace} of the replica`]),
    ...(targetPlace === null ? [] : [`${targetPlace} of the target`]),
  ].join(', ');
  const row =
    key.length === 0
      ? `row at ${places}`
      : `${key.map(({column, value}) => `${column}=${shown(value)}`).join(', ')} (at ${places})`;
  switch (kind) {
    case 'missing':
      return `${row} is not on the target`;
    case 'extra':
      return `${row} is not on the replica`;
    case 'doubled':
      return `${row} is there more often on one side`;
    case 'changed':
      return `${row} differs in ${columns.map((column) => describeColumn(column)).join('; ')}`;
  }
}

function describeColumn({column, replica, target}: RowDifference['columns'][number]): string {
  return replica === null && target === null
    ? column
    : `${column}: ${shown(replica)} on the replica, ${shown(target)} on the target`;
}

function shown(value: string | null): string {
  return value === null ? 'NULL' : `'${value}'`;
}

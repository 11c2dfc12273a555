/** A column of type timestamp, timestamptz or date. */
export interface TimeColumn {
  readonly column: string;
  readonly notNull: boolean;
}

/** Names that say when a row came, the better ones first. */
const NAMES = [
  /^(created|inserted)(_?(at|on|time|date|ts))?$/i,
  /creat|insert/i,
  /^(ts|time|timestamp|date|day|at)$/i,
  /updat|modif/i,
];

/**
 * The column by whose months rows are counted: one that is named like the time of creation, else any time that is never null, else
 * any at all; null where there is none. Pure.
 */
export function chooseTimestampColumn(columns: readonly TimeColumn[]): string | null {
  for (const name of NAMES) {
    const named = columns.filter(({column}) => name.test(column));
    const best = named.find(({notNull}) => notNull) ?? named[0];
    if (best !== undefined) return best.column;
  }
  return (columns.find(({notNull}) => notNull) ?? columns[0])?.column ?? null;
}

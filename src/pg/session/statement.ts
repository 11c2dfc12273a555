import {quoteLiteral} from '../../domain/pg/identifier.ts';

/** A value bound to a statement's `$1`, `$2`, …. */
export type Value = string | number | boolean | null | readonly string[];

/**
 * One statement as it goes to a server: the text with `$n` and the values. `Row` is the shape of a result row.
 * What the dry run shows and what runs are the same object.
 */
export interface Statement<Row = unknown> {
  readonly text: string;
  readonly values: readonly Value[];
  /** What people see instead of the text, where that holds a secret. */
  readonly shown?: string;
  /** Only carries the type; never set. */
  readonly row?: Row;
}

/** Makes a statement: `sql<{now: string}>('SELECT now()::text AS now')`. */
export function sql<Row = unknown>(text: string, values: readonly Value[] = []): Statement<Row> {
  return {text, values};
}

/** A parameter, or a quoted name or text: a table may be called `$1`. */
const PARAMETER = /"(?:[^"]|"")*"|'(?:[^']|'')*'|\$(\d+)/g;

/** The statement for people and for psql, values written in: `SELECT pg_drop_replication_slot('dms_slot_01')`. */
export function renderStatement(statement: Statement): string {
  if (statement.shown !== undefined) return statement.shown;
  return statement.text.replace(PARAMETER, (whole, position: string | undefined) => {
    if (position === undefined) return whole;
    const value = statement.values[Number(position) - 1];
    if (value === undefined) throw new Error(`bug: no value for $${position} in ${statement.text}`);
    return renderValue(value);
  });
}

function renderValue(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quoteLiteral(value).trimStart();
  return `ARRAY[${value.map((item) => quoteLiteral(item).trimStart()).join(', ')}]::text[]`;
}

import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {sql, type Statement} from '../session/statement.ts';

/** Rows of one month; `month` is the first day as text in UTC, `infinity`, or null for rows without a time, or for all rows of a table without one. */
export interface MonthCount {
  readonly month: string | null;
  readonly rows: number;
}

/**
 * Exact rows of a table, its children not counted, per month of a timestamp column where there is one. Reads the whole table;
 * sessions are in UTC with ISO dates, so that the months of two servers are the same text. Source: runbook, step 10.
 */
export function countRows(table: RelationName, timestampColumn: string | null): Statement<MonthCount> {
  const from = `FROM ONLY ${quoteRelation(table)}`;
  if (timestampColumn === null) return sql(`SELECT NULL::text AS "month", count(*) AS "rows" ${from}`);
  return sql(
    `SELECT date_trunc('month', ${quoteIdentifier(timestampColumn)}::timestamptz)::text AS "month", count(*) AS "rows" ${from} GROUP BY 1`,
  );
}

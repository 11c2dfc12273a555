import type {Session} from '../../../../pg/session/session.ts';
import {SQLSTATE, sqlStateOf} from '../../../../pg/session/sqlstate.ts';
import type {Statement} from '../../../../pg/session/statement.ts';
import type {StepContext} from '../../../step.ts';
import {bucketsOf, rowsOf} from '../choose-way.ts';
import type {RestTable} from '../read-rest.ts';

/** What is tried takes no longer. */
export const TRY_MS = 5_000;

/** So much of a table, or of the large objects, is read by a session to see how quickly it goes. */
export const TRIED_BYTES = 8 * 1024 ** 2;

/** How long a statement took, and what it gave; null where it was cut off after TRY_MS: it takes longer, and nothing fails. */
export interface Timed<Row> {
  readonly ms: number;
  readonly rows: readonly Row[] | null;
}

/** Runs it for as long as something that is tried may take. */
export async function timed<Row extends object>(
  ctx: StepContext,
  session: Session,
  statement: Statement<Row>,
): Promise<Timed<Row>> {
  const began = ctx.steady();
  try {
    const rows = await session.run(statement, {timeoutMs: TRY_MS});
    return {ms: ctx.steady() - began, rows};
  } catch (error) {
    if (sqlStateOf(error) !== SQLSTATE.queryCanceled || ctx.signal.aborted) throw error;
    return {ms: TRY_MS, rows: null};
  }
}

/** How many rows are tried, how many bytes these are with what they have in TOAST, and their share of the buckets. Pure. */
export function triedOf(source: Pick<RestTable['source'], 'bytes' | 'heapBytes' | 'rows'>): {
  readonly rows: number;
  readonly bytes: number;
  readonly buckets: number;
} {
  const share = Math.min(1, TRIED_BYTES / Math.max(1, source.bytes));
  return {
    rows: Math.max(1, Math.ceil(rowsOf(source) * share)),
    bytes: source.bytes * share,
    buckets: 2 ** Math.max(0, Math.round(Math.log2(bucketsOf(source) * share))),
  };
}

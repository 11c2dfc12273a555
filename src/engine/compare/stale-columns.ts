import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import {formatRelation, quoteRelation} from '../../domain/pg/relation.ts';
import {isStale, readDoubtfulColumns, readIsStale, type DoubtfulColumn} from '../../pg/rows/doubtful-checks.ts';
import {sqlStateOf} from '../../pg/session/sqlstate.ts';
import type {Session} from '../../pg/session/session.ts';

/**
 * The generated columns of these tables (`public.goods`) that hold on the replica what they would not hold today, for a function that they call was replaced since. The target computes them anew: its rows
 * differ however often they are loaded. What cannot be evaluated in time is not among them.
 */
export async function readStaleColumns(
  replica: Session,
  tables: readonly string[],
  limits: {readonly timeoutMs: number},
): Promise<DoubtfulColumn[]> {
  const doubtful = await replica.run(readDoubtfulColumns(replica.version));
  const stale: DoubtfulColumn[] = [];
  for (const column of doubtful) {
    if (tables.includes(formatRelation(column)) && (await isSo(replica, column, limits))) stale.push(column);
  }
  return stale;
}

async function isSo(replica: Session, column: DoubtfulColumn, limits: {readonly timeoutMs: number}): Promise<boolean> {
  try {
    return (await replica.one(readIsStale(column), limits)).breaks;
  } catch (error) {
    if (!(error instanceof LonghaulError) || sqlStateOf(error) === null) throw error;
    return false;
  }
}

/** What has a column computed anew where it is stale: for people, on the source. Pure. */
export function computeAnew(column: DoubtfulColumn): string {
  const base = quoteIdentifier(column.base);
  return `UPDATE ONLY ${quoteRelation(column)} SET ${base} = ${base} WHERE ${isStale(column)}`;
}

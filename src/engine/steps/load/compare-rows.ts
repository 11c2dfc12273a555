import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {LEAVE_BOUNDARY} from '../../../domain/pg/boundary.ts';
import {printable} from '../../../domain/base/printable.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import {countWords, describeRow} from '../../../domain/run/row-difference.ts';
import {compareTables, planComparison} from '../../compare/compare-tables.ts';
import {computeAnew, readStaleColumns} from '../../compare/stale-columns.ts';
import type {TableComparison} from '../../compare/table-comparison.ts';
import type {DoubtfulColumn} from '../../../pg/rows/doubtful-checks.ts';
import {createUnderWay} from '../../waiting/under-way.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import {asOnReplica} from '../../schema/copy/as-on-source.ts';
import type {Step} from '../../step.ts';

/** Compares every row of every table on both sides, or counts them, while the replica is still at P. */
export const compareRows: Step<'compare-rows'> = {
  id: 'compare-rows',
  phase: 'load',
  title: 'compare rows, replica and target',
  why: 'as long as the replica is at P it is an exact oracle; once it replays, nothing can be compared exactly any more',
  source: 'runbook, step 10',
  confirm: 'no',

  async check(ctx) {
    return (await checkAfterLoad(ctx)) ?? {done: null, findings: []};
  },

  async plan(ctx) {
    const {first, actions} = await planComparison({...ctx, underWay: createUnderWay(ctx)}, []);
    return [...first, ...actions];
  },

  async run(ctx) {
    const compared = await compareTables(ctx);
    const differing = compared.filter((one) => one.differs);
    if (differing.length > 0) {
      const names = differing.map(({table}) => formatRelation(table));
      const limits = {timeoutMs: ctx.config.timeouts.scanMs};
      const stale = await readStaleColumns(await ctx.session('replica'), names, limits);
      throw new LonghaulError({
        code: 'failed',
        message: `${differing.length} of ${compared.length} tables differ: ${differing.map((one) => describeTable(one)).join('; ')}`,
        remedy: howToAgree(names, stale),
      });
    }
    return {
      tables: compared.length,
      rows: compared.reduce((sum, one) => sum + one.replicaRows, 0),
      byMonth: compared.filter((one) => one.months > 0).length,
      boundary: ctx.state().boundary?.lsn ?? null,
      how: ctx.config.compare.rows === 'full' ? ('rows' as const) : ('counts' as const),
    };
  },
};

/** Of one table so many rows are in the message; the others are in the report. */
const FIRST = 3;

function describeTable({table, replicaRows, targetRows, rows}: TableComparison): string {
  const counts = `replica ${replicaRows}, target ${targetRows}`;
  if (rows === null) return `${formatRelation(table)} (${counts})`;
  const first = rows.first.slice(0, FIRST).map((row) => describeRow(row));
  return `${formatRelation(table)} (${counts}; ${[countWords(rows), ...first].join('; ')})`;
}

/** The statement names every table; above so many all is loaded anew. */
const FEW = 20;

/** What brings the rows of these tables to agree; `stale` are their generated columns by which they would differ again. Pure. */
export function howToAgree(tables: readonly string[], stale: readonly DoubtfulColumn[]): string {
  if (stale.length > 0) return howToComputeAnew(stale);
  const why = 'somebody wrote to the target, or its rows were there before';
  return tables.length > FEW
    ? `${why}: ${LEAVE_BOUNDARY}`
    : `${why}: load these tables again from the replica, which is at P: ${asOnReplica(tables)}; then run again`;
}

/** The replica is at P, and has what is computed on the source only at a later one. */
function howToComputeAnew(stale: readonly DoubtfulColumn[]): string {
  const anew = stale.map((column) => computeAnew(column)).join('; ');
  return `generated columns were computed by a function that is another now, and the target computes them anew, however often they are loaded: ${formatColumns(stale)}; on the source (a large table in pieces, by its key): ${anew}; ${LEAVE_BOUNDARY}`;
}

function formatColumns(columns: readonly DoubtfulColumn[]): string {
  return columns.map((one) => `${printable(one.column)} of ${formatRelation(one)}`).join(', ');
}

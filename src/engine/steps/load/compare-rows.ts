import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import {compareTables, planComparison} from '../../compare/compare-tables.ts';
import {createUnderWay} from '../../waiting/under-way.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import type {Step} from '../../step.ts';

/** Counts every row of every table on both sides, while the replica is still at P. */
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
    const {first, counts} = await planComparison({...ctx, underWay: createUnderWay(ctx.now)}, []);
    return [...first, ...counts];
  },

  async run(ctx) {
    const compared = await compareTables(ctx);
    const differing = compared.filter((one) => one.differs);
    if (differing.length > 0) {
      throw new LonghaulError({
        code: 'failed',
        message: `${differing.length} of ${compared.length} tables differ: ${differing.map((one) => `${formatRelation(one.table)} (replica ${one.replicaRows}, target ${one.targetRows})`).join('; ')}`,
        remedy:
          'somebody wrote to the target, or its rows were there before: empty the named tables on the target, delete their units from longhaul.load_unit, then longhaul run --from full-load',
      });
    }
    return {
      tables: compared.length,
      rows: compared.reduce((sum, one) => sum + one.replicaRows, 0),
      byMonth: compared.filter((one) => one.months > 0).length,
      boundary: ctx.state().boundary?.lsn ?? null,
    };
  },
};

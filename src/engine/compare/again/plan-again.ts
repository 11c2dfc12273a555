import {captureOf} from '../../capture/own-capture.ts';
import type {Action} from '../../action.ts';
import {remark} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import {createUnderWay} from '../../waiting/under-way.ts';
import {planSums} from '../compare-rows.ts';
import {tablesToCompare} from '../compare-tables.ts';
import {KEEP_NOTHING} from '../kept-sums.ts';
import {readSides} from '../read-sides.ts';
import {notSentinels} from './compare-again.ts';
import {planFence} from './fence.ts';
import {planLetGo} from './take-back.ts';

/** What compare-again would run, as one slice: what holds replica and target, the scans, what lets both go on. Nothing before change capture has started. */
export async function planAgain(ctx: StepContext): Promise<Action[]> {
  const capture = captureOf(ctx);
  if (capture === null) return [];
  const fence = planFence(ctx, capture);
  const lanes = ctx.config.compare.lanes ?? ctx.config.load.lanes;
  const sides = await readSides(ctx, notSentinels(await tablesToCompare(ctx)), lanes);
  const scans = planSums({...ctx, underWay: createUnderWay(ctx)}, sides, {
    rows: 'full',
    lanes,
    showValues: ctx.config.compare.showValues,
    purpose: 'compare-again',
    sample: null,
    kept: KEEP_NOTHING,
    hear: async () => {},
  });
  const [first, ...rest] = fence.actions;
  const slices = 'for each slice of the tables; where replica and target cannot be held, the same scans without';
  return [
    ...(first === undefined ? [] : [{...first, text: remark(slices, first.text)}]),
    ...rest,
    ...scans.actions,
    ...planLetGo(ctx, capture.slots, 'compare-again'),
  ];
}

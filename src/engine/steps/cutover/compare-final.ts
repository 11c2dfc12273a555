import {isoTime} from '../../../domain/base/iso-time.ts';
import {formatDuration} from '../../../domain/base/units.ts';
import type {Action} from '../../action.ts';
import {heldForMs, tablesDiffer} from '../../cutover/final/final-comparison.ts';
import {executeAll} from '../../make-action.ts';
import type {Step, StepContext} from '../../step.ts';

/** Compares as much as the time allows while both sides are at F; the rest goes on, as of that moment, after the hand-over. */
export const compareFinal: Step<'compare-final'> = {
  id: 'compare-final',
  phase: 'cutover',
  title: 'compare once more, while nothing moves',
  why: 'both sides have the same rows by rights here, and nowhere else: what differs is lost',
  source: 'facts/cutover.md, §6.3',
  confirm: 'no',

  check: async () => ({done: null, findings: []}),
  plan: async (ctx) => planComparison(ctx),

  async run(ctx) {
    const began = ctx.steady();
    const since = isoTime(ctx.now());
    await executeAll(planComparison(ctx));
    const {compared, left, written} = ctx.final.progress();
    const notYet = new Set(left);
    return {
      byRow: compared.map(({table}) => table),
      left,
      written: {
        tables: written.tables.length,
        bytes: written.bytes,
        left: written.tables.filter((table) => notYet.has(table)),
      },
      held: {since, limitMs: heldForMs(ctx.config)},
      tookMs: Math.round(ctx.steady() - began),
    };
  },
};

function planComparison(ctx: StepContext): Action[] {
  const {compareForMs, compareLimitMs} = ctx.config.cutover;
  return [
    {
      on: 'target',
      text: `/* on source and target, tables that were written to since they were last found equal first, then the others, the smallest first, for ${formatDuration(compareForMs)}; what is left goes on after the hand-over, in the same snapshots, for ${formatDuration(compareLimitMs)} at most */ BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`,
      execute: async () => compareFor(ctx, compareForMs),
    },
  ];
}

const EVERY_MS = 20;

async function compareFor(ctx: StepContext, limitMs: number): Promise<void> {
  const end = ctx.steady() + limitMs;
  await ctx.final.begin(ctx);
  const over = ctx.final.over().then(() => true);
  const pause = async (): Promise<boolean> => ctx.sleep(EVERY_MS).then(() => false);
  while (ctx.steady() < end) if (await Promise.race([over, pause()])) break;
  const {compared, failure} = ctx.final.progress();
  // What has failed for whatever reason has compared nothing.
  if (failure instanceof Error) throw failure;
  const differing = compared.filter(({differs}) => differs);
  if (differing.length > 0) throw tablesDiffer(differing);
}

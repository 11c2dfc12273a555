import {isoTime} from '../../../domain/base/iso-time.ts';
import {counted, formatDuration} from '../../../domain/base/units.ts';
import type {Action} from '../../action.ts';
import type {FinalProgress} from '../../cutover/final/final.ts';
import {heldForMs, tablesDiffer} from '../../cutover/final/final-comparison.ts';
import {executeAll} from '../../make-action.ts';
import {found, listedOut} from '../../preflight/found.ts';
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
    const progress = ctx.final.progress();
    const {compared, left, written} = progress;
    const notYet = new Set(left);
    await tellNotCounted(ctx, progress);
    return {
      byRow: compared.map(({table}) => table),
      left,
      counted: progress.counted,
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

/** Of these nothing is known before the target is opened but that all has arrived; first those that something was written to. */
async function tellNotCounted(
  ctx: StepContext,
  {left, counted: those, written}: Pick<FinalProgress, 'left' | 'counted' | 'written'>,
): Promise<void> {
  const known = new Set(those);
  const neither = left.filter((table) => !known.has(table));
  if (neither.length === 0) return;
  const since = new Set(written.tables);
  const [late, others] = [neither.filter((table) => since.has(table)), neither.filter((table) => !since.has(table))];
  const [were, them] = neither.length === 1 ? ['was', 'it'] : ['were', 'them'];
  const finding = found('cutover', 'target').note(
    'not-counted',
    `${counted(neither.length, 'table')} ${were} neither compared nor counted while writes were stopped, for which cutover.compare_for was too short; ${writtenOf(late.length, them)} since ${neither.length === 1 ? 'it was' : 'they were'} last found equal; the rows of that moment are compared after the hand-over: ${listedOut([...late, ...others])}`,
  );
  await ctx.record({type: 'finding.seen', step: 'compare-final', finding});
}

/** How much there is to worry about. Pure. */
function writtenOf(tables: number, them: string): string {
  if (tables === 0) return `the source has counted no write of ${them}`;
  return `${them === 'it' ? 'it' : `${tables} of them`} ${tables === 1 ? 'was' : 'were'} written to`;
}

function planComparison(ctx: StepContext): Action[] {
  const {compareForMs, compareLimitMs} = ctx.config.cutover;
  return [
    {
      on: 'target',
      text: `/* on source and target, every row of what was written to since it was last found equal, the smallest first; what there is no time for is counted; for ${formatDuration(compareForMs)}; what is left goes on after the hand-over, in the same snapshots, for ${formatDuration(compareLimitMs)} at most */ BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`,
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
  const {compared, failed, failure} = ctx.final.progress();
  // What has failed for whatever reason has compared nothing.
  for (const error of [failure, ...failed.map((one) => one.error)]) if (error instanceof Error) throw error;
  const differing = compared.filter(({differs}) => differs);
  if (differing.length > 0) throw tablesDiffer(differing);
}

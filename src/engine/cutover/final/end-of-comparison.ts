import {wayBackWords} from '../../../domain/rules/cutover.ts';
import type {Difference} from '../../../domain/run/difference.ts';
import {lastComparison} from '../../../domain/run/cutover/last-comparison.ts';
import {withoutStatement} from '../../../pg/session/server-error.ts';
import {found, listedOut} from '../../preflight/found.ts';
import {executeAll} from '../../make-action.ts';
import {planEndOfFinalScans} from '../../run/own-statements.ts';
import {failureOf} from '../../run/run-steps.ts';
import type {StepContext} from '../../step.ts';
import type {EndedEarly, FinalProgress} from './final.ts';

/** What the last comparison came to, once it is over. */
export interface EndOfComparison {
  readonly compared: readonly string[];
  readonly differing: readonly Difference[];
}

const GONE: EndedEarly = {by: 'run', why: 'the supervisor that was to compare it ended before'};

/** Notes the end of the last comparison in the journal as soon as it is over, whatever else is done meanwhile. */
export async function noteEndOfComparison(ctx: StepContext): Promise<void> {
  await ctx.final.over();
  // Ended by whoever goes back, it tells nothing.
  if (ctx.signal.aborted || lastComparison(ctx.state()) === null) return;
  const progress = ctx.final.progress();
  if (isOfAnother(progress)) await executeAll(planEndOfFinalScans(ctx));
  if (isOfAnother(progress)) {
    const left = ctx.state().evidence['compare-final']?.left ?? [];
    await ctx.record({type: 'cutover.comparison-over', ...GONE, left});
    return;
  }
  const early = whyNotWhole(progress);
  const {by, why} = early ?? {by: 'run', why: whyNotRead(progress)};
  const left = [...progress.failed.map(({table}) => table), ...(early === null ? [] : progress.left)];
  await ctx.record({type: 'cutover.comparison-over', by, why, left});
}

/** Of one that an earlier supervisor has begun this one knows nothing. */
function isOfAnother({compared, left, failed}: FinalProgress): boolean {
  return compared.length + left.length + failed.length === 0;
}

/** Why it has not read all, though nobody has ended it; null where it has. */
function whyNotRead({failed}: FinalProgress): string | null {
  const [first] = failed;
  if (first === undefined) return null;
  const more = failed.length === 1 ? '' : `; and ${failed.length - 1} more that could not be read`;
  return `${first.table} could not be read as it was at the hand-over: ${withoutStatement(first.why)}${more}`;
}

/** Why tables are left; null where it came to its end. */
function whyNotWhole({failure, ended}: FinalProgress): EndedEarly | null {
  if (ended !== null) return ended;
  return failure === null ? null : {by: 'run', why: failureOf(failure).message};
}

/** What it came to, once it is over. The target has been written to since; what differs did so at F. */
export async function endOfComparison(ctx: StepContext): Promise<EndOfComparison> {
  const progress = ctx.final.progress();
  await ctx.final.stop();
  ctx.signal.throwIfAborted();
  const {compared, left, failed} = progress;
  const why = whyNotWhole(progress);
  if (why === null && left.length > 0) await tellHidden(ctx, left);
  const other = compared.filter(({differs}) => differs);
  return {
    compared: compared.map(({table}) => table),
    differing: [
      ...other.map(({table, sourceRows, targetRows}) => ({
        object: `table ${table}`,
        differs: 'had other rows at the hand-over',
        why: `source ${sourceRows} rows, target ${targetRows}`,
        query: null,
        remedy: `find its rows on the source, which takes no writes; ${wayBackWords(ctx.state())}`,
      })),
      ...failed.map((one) => notCompared(one.table, withoutStatement(one.why))),
      ...(why === null ? [] : left.map((table) => notCompared(table, why.why))),
      ...neverCompared(ctx, [...[...compared, ...failed].map(({table}) => table), ...left]),
    ],
  };
}

function notCompared(table: string, why: string): Difference {
  return {
    object: `table ${table}`,
    differs: 'was not compared at the hand-over',
    why,
    query: null,
    remedy: `longhaul accept 'table ${table}' leaves it so`,
  };
}

/** To see their rows the tables of the target would have to be altered. */
async function tellHidden(ctx: StepContext, tables: readonly string[]): Promise<void> {
  const finding = found('validate-constraints', 'target').warning(
    'not-compared',
    `rows of these tables were not compared at the hand-over, for row security hides them from our role: ${listedOut(tables)}`,
    'compare them by hand, as a role with BYPASSRLS',
  );
  await ctx.record({type: 'finding.seen', step: 'validate-constraints', finding});
}

const EVERY_MS = 30_000;

/** Waits for the end of the last comparison, which may take hours, and journals how far it is. */
export async function waitTelling(ctx: StepContext): Promise<void> {
  const ended = ctx.final.over();
  let isOver = false;
  const over = ended.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  for (;;) {
    await Promise.race([over, ctx.sleep(EVERY_MS).catch(async () => over)]);
    if (isOver) return ended;
    const {compared, left} = ctx.final.progress();
    const of = {done: compared.length, total: compared.length + left.length};
    const what = `rows as they were at the hand-over: ${listedOut(left, 2)}`;
    await ctx.record({type: 'step.progressed', step: 'validate-constraints', ...of, what});
  }
}

/** What compare-final has left to a supervisor that ended before it was compared: its snapshots ended with it. */
function neverCompared(ctx: StepContext, known: readonly string[]): Difference[] {
  const {evidence, cutover} = ctx.state();
  const told = new Set([...known, ...(evidence['validate-constraints']?.compared ?? [])]);
  const {why} = cutover?.comparisonOver ?? {};
  return (evidence['compare-final']?.left ?? [])
    .filter((table) => !told.has(table))
    .map((table) => notCompared(table, why ?? GONE.why));
}

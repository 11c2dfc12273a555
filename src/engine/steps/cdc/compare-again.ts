import {formatBytes, formatDuration} from '../../../domain/base/units.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import {countWords, describeRow} from '../../../domain/run/row-difference.ts';
import {compareAgain as compareNow} from '../../compare/again/compare-again.ts';
import {planAgain} from '../../compare/again/plan-again.ts';
import type {AgainCompared, AgainProgress} from '../../compare/again/results.ts';
import {takeBack} from '../../compare/again/take-back.ts';
import {computeAnew, readStaleColumns} from '../../compare/stale-columns.ts';
import type {DoubtfulColumn} from '../../../pg/rows/doubtful-checks.ts';
import type {Step} from '../../step.ts';

/** Compares every row of every table once more, while changes flow. */
export const compareAgain: Step<'compare-again'> = {
  id: 'compare-again',
  phase: 'cdc',
  title: 'compare rows while change capture runs',
  why: 'what change capture has changed, lost or applied twice, and what somebody else has written to the target, is seen here or after the cutover',
  source: 'facts/cutover.md, §6',
  confirm: 'no',

  async check(ctx) {
    const {evidence, boundary, capture} = ctx.state();
    const known = evidence['compare-again'];
    // Of another P it says nothing; and what is owed is compared once more.
    const isDone = isWhole(known) && known.boundary === boundary?.lsn && capture.owed.length === 0;
    return {done: isDone ? known : null, findings: []};
  },

  plan: planAgain,

  async run(ctx) {
    const began = ctx.steady();
    const {boundary} = ctx.state();
    if (boundary === null) throw new Error('bug: change capture was started without a P');
    const {how, compared} = await compareNow(ctx, {
      by: 'compare-again',
      tables: [],
      converging: false,
      hear: async (progress) => {
        const what = describeAgain(progress, ctx.steady() - began);
        await ctx.record({type: 'step.progressed', step: 'compare-again', ...progress.tables, what});
      },
    });
    const {again} = ctx.state();
    // Those that an earlier supervisor had compared count too.
    if (again !== null && again.differing.length > 0) {
      const limits = {timeoutMs: ctx.config.timeouts.scanMs};
      const stale = await readStaleColumns(await ctx.session('replica'), again.differing, limits);
      throw differ(compared, again.differing, howToAgreeAgain(stale));
    }
    return {
      boundary: boundary.lsn,
      tables: again?.done.length ?? 0,
      rows: again?.rows ?? 0,
      how,
      undecided: again?.undecided ?? 0,
      tookMs: Math.round(ctx.steady() - began),
    };
  },

  async undo(ctx) {
    return {letApplyAndReplayGoOn: await takeBack(ctx, 'abort')};
  },
};

/** Less than this tells nothing of the rest. */
const LEAST_MS = 5_000;

/** `public.big, 120 GB of 4.5 TB, about 1:10 left`, at the pace so far, what was waited between slices among it. Pure. */
export function describeAgain({table, bytes: {done, total}}: AgainProgress, elapsedMs: number): string {
  const far = `${formatRelation(table)}, ${formatBytes(done)} of ${formatBytes(total)}`;
  if (elapsedMs < LEAST_MS || done === 0 || done >= total) return far;
  return `${far}, about ${formatDuration((elapsedMs * (total - done)) / done)} left`;
}

function isWhole(known: Readonly<Partial<Evidence<'compare-again'>>> | undefined): known is Evidence<'compare-again'> {
  return known?.boundary !== undefined && known.tables !== undefined && known.rows !== undefined;
}

/** Of one table so many rows are in the message; the others are in the report. */
const FIRST = 3;

function differ(compared: readonly AgainCompared[], names: readonly string[], remedy: string): LonghaulError {
  const words = names.map((name) => {
    const rows = compared.find(({table}) => formatRelation(table) === name)?.rows ?? null;
    if (rows === null) return name;
    const first = rows.first.slice(0, FIRST).map((row) => describeRow(row));
    return `${name} (${[countWords(rows), ...first].join('; ')})`;
  });
  return new LonghaulError({
    code: 'failed',
    message: `${names.length} tables differ: ${words.join('; ')}`,
    remedy,
  });
}

/** What can be done about rows that differ while change capture runs; `stale` are generated columns that no mending on the target brings to agree. Pure. */
export function howToAgreeAgain(stale: readonly DoubtfulColumn[]): string {
  if (stale.length === 0) return MEND;
  const anew = stale.map((column) => computeAnew(column)).join('; ');
  return `generated columns were computed by a function that is another now, and the target computes them anew: on the source (a large table in pieces, by its key): ${anew}; it comes to the target by itself: longhaul compare --again; once it finds them equal, longhaul continue`;
}

const MEND =
  'somebody wrote to the target, or change capture has lost or changed something: find which (who writes there, longhaul status, the log of the target), mend these rows on the target as they are on the source, then longhaul compare --again; once it finds them equal, longhaul continue';

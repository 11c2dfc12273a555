import {join} from 'node:path';
import {LonghaulError} from '../../../../domain/base/longhaul-error.ts';
import {tryCopyScript, type TriedCopy} from '../../../../pg/cutover/rest-tables.ts';
import {readDataColumns} from '../../../../pg/load/copy-data.ts';
import {serversOf} from '../../../back/mirrored.ts';
import {sessionName} from '../../../load/host/lane-name.ts';
import type {StepContext} from '../../../step.ts';
import {pipeScript} from '../../../tools/pipe-script.ts';
import {whyNotCopied, type RestSide} from '../compare-rest.ts';
import {foreseenWay, type RestFigures} from './estimate.ts';
import {rateOf, timeOf} from './figures.ts';
import {TRY_MS, triedOf} from './tried.ts';

/**
 * How quickly rows come from the source into the target: the first of the largest table that will be copied whole, by the programs that will copy it, into a table with its indexes, in a transaction that is
 * rolled back. Nothing on a way back: there it would be tried where production was.
 */
export async function measureCopy(ctx: StepContext, sides: readonly RestSide[]): Promise<Partial<RestFigures>> {
  const copied = sides.filter((side) => foreseenWay(side.rest) !== 'equal' && whyNotCopied(side) === null);
  if (ctx.isBack === true || copied.length === 0) return {};
  const [largest] = copied
    .filter(({rest}) => foreseenWay(rest) === 'whole')
    .toSorted((a, b) => b.pair.bytes - a.pair.bytes);
  const source = await ctx.session('source');
  const [table] = largest === undefined ? [] : await source.run(readDataColumns(source.version, [largest.rest.table]));
  if (largest === undefined || table === undefined) {
    const empty = await pipedMs(ctx, [null]);
    return empty === null ? {} : {programsMs: timeOf(empty)};
  }
  const {rows, bytes} = triedOf(largest.rest.source);
  const isUnlogged = largest.rest.kind === 'unlogged';
  // Without a row it takes what both programs and a table take, and with rows what rows take besides.
  const [none, some] = [0, rows].map((count): TriedCopy => ({table, rows: count, isUnlogged}));
  const empty = await pipedMs(ctx, [none, none]);
  const full = empty === null ? null : await pipedMs(ctx, [some, some]);
  if (empty === null || full === null) return empty === null ? {} : {programsMs: timeOf(empty)};
  const programsMs = timeOf(empty);
  return {
    programsMs,
    copied: rateOf(
      bytes,
      full.map((ms) => ms - programsMs.likely),
    ),
  };
}

/** How long both programs took each time, at least as long as they may; null where it cannot be tried, which the cutover itself will tell. */
async function pipedMs(ctx: StepContext, tries: readonly (TriedCopy | null | undefined)[]): Promise<number[] | null> {
  const took: number[] = [];
  for (const one of tries) {
    const ms = await pipeMs(ctx, one ?? null);
    if (ms === null) return null;
    took.push(ms);
  }
  return took;
}

async function pipeMs(ctx: StepContext, tried: TriedCopy | null): Promise<number | null> {
  const source = await ctx.session('source');
  const began = ctx.steady();
  try {
    await pipeScript(ctx, {
      file: join(ctx.folder.path, 'try-the-rest.sql'),
      text: tryCopyScript(source.version, tried, {
        limitMs: TRY_MS,
        lockMs: Math.min(TRY_MS, ctx.config.timeouts.lockMs),
      }),
      servers: serversOf(ctx),
      applicationName: sessionName(ctx.config.run, 'try-rest-psql'),
      limitMs: TRY_MS,
      purpose: 'try how quickly rows are copied',
    });
  } catch (error) {
    if (ctx.signal.aborted || !(error instanceof LonghaulError)) throw error;
    return ctx.steady() - began >= TRY_MS ? TRY_MS : null;
  }
  return ctx.steady() - began;
}

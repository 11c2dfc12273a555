import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {printable} from '../../../domain/base/printable.ts';
import {counted, formatCount} from '../../../domain/base/units.ts';
import {fenceBroken} from '../../../domain/pg/boundary.ts';
import {formatRelation, parseRelation, quoteRelation} from '../../../domain/pg/relation.ts';
import {describeComparison} from '../../../domain/run/row-difference.ts';
import {loadedTables} from '../../../domain/run/run-state.ts';
import {planScans, tablesToCompare} from '../../../engine/compare/compare-tables.ts';
import {keepHere} from '../../../engine/compare/kept-sums.ts';
import type {ComparingOptions} from '../../../engine/compare/comparing.ts';
import type {TableToCompare} from '../../../engine/compare/read-sides.ts';
import type {TableComparison} from '../../../engine/compare/table-comparison.ts';
import type {RunContext} from '../../../engine/run/run-context.ts';
import {throughOutages} from '../../../engine/waiting/outage.ts';
import {executeBeside} from '../../../engine/waiting/pool.ts';
import {readReplicaPosition} from '../../../pg/replication/replica.ts';
import {WHOLE} from '../../../pg/compare/table-sums.ts';
import type {Env, OpenRun} from '../../run/open-run.ts';
import {startProgress} from '../../run/progress-line.ts';
import {readOnlyContext} from '../../run/read-only-context.ts';
import {say} from '../../say.ts';

/** What of `longhaul compare` is about rows. */
export interface RowFlags {
  readonly quick?: boolean;
  readonly byMonth?: boolean;
  readonly sample?: string;
  readonly json?: boolean;
}

/** Compares rows of the target with the replica, as long as that is at P; journals nothing. Gives the exit code: 1 where something differs. */
export async function compareRowsNow(
  run: OpenRun,
  names: readonly string[],
  flags: RowFlags,
  env: Env,
): Promise<0 | 1> {
  const sample = sampleOf(flags);
  const known = await readOnlyContext(run, env);
  // What was read of the journal once never says that a hold is over; and whoever asks wants it now.
  const ctx = {...known, state: () => ({...known.state(), held: false})};
  try {
    await mustHaveBoundary(ctx);
    const tables = chosenOf(ctx, await tablesToCompare(ctx), names);
    const compared = await compareThem(ctx, tables, flags, sample);
    if (flags.json === true) console.log(JSON.stringify({sample: flags.sample ?? null, compared}, null, 2));
    else tell(run, compared, {flags, all: names.length > 0});
    return compared.some(({differs}) => differs) ? 1 : 0;
  } finally {
    await ctx.close();
  }
}

/** What is asked for, of 65,536 rows; null is all. */
function sampleOf({sample, quick, byMonth}: RowFlags): number | null {
  if (sample === undefined) return null;
  const percent = Number(/^(\d+(?:\.\d+)?)%?$/.exec(sample)?.[1] ?? Number.NaN);
  if (percent > 0 && percent <= 100 && quick !== true && byMonth !== true) return Math.ceil((percent / 100) * WHOLE);
  throw new LonghaulError({
    code: 'usage',
    message: `--sample ${sample} is no share of the rows whose values are compared`,
    remedy: 'more than 0 % and at most 100 %, without --quick and --by-month: longhaul compare --sample 5%',
  });
}

async function mustHaveBoundary(ctx: RunContext): Promise<void> {
  const {boundary} = ctx.state();
  const replica = await ctx.session('replica');
  const broken =
    boundary === null
      ? 'no P was captured'
      : fenceBroken(boundary, await replica.one(readReplicaPosition(replica.version)));
  if (broken === null) return;
  throw new LonghaulError({
    code: 'failed',
    message: `rows can be compared only while the replica is at P: ${broken}`,
    remedy:
      'longhaul report says what the run has compared at P; after P, once change capture runs: longhaul compare --again',
  });
}

function chosenOf(ctx: RunContext, known: readonly TableToCompare[], names: readonly string[]): TableToCompare[] {
  const loaded = new Set(loadedTables(ctx.state().units).map((table) => quoteRelation(table)));
  const there = known.filter(({table}) => loaded.has(quoteRelation(table)));
  if (names.length === 0) {
    if (there.length > 0 || known.length === 0) return there;
    throw new LonghaulError({code: 'failed', message: 'no table is loaded yet', remedy: 'longhaul run loads them'});
  }
  return names.map((name) => {
    const table = parseRelation(name);
    const found = there.find((one) => table !== null && quoteRelation(one.table) === quoteRelation(table));
    if (found !== undefined) return found;
    throw new LonghaulError({
      code: 'usage',
      message: `${name} is no table that is loaded`,
      remedy:
        'name it with its schema, as longhaul status --json lists the tables of the units: longhaul compare public.users',
    });
  });
}

async function compareThem(
  ctx: RunContext,
  tables: readonly TableToCompare[],
  {quick, byMonth}: RowFlags,
  sample: number | null,
): Promise<TableComparison[]> {
  const {rows, lanes, showValues} = ctx.config.compare;
  const isCounted = quick === true || byMonth === true;
  const compared: TableComparison[] = [];
  const progress = startProgress(process.stderr, ctx.steady);
  const wanted = quick === true ? tables.map((table) => ({...table, timestampColumn: null})) : tables;
  const options: ComparingOptions = {
    rows: isCounted ? 'quick' : sample === null ? rows : 'full',
    lanes: lanes ?? ctx.config.load.lanes,
    showValues,
    sample,
    purpose: 'recompare',
    kept: keepHere(),
    hear: async (one) => {
      compared.push(one);
      progress.say(
        `${formatCount(compared.length)} of ${counted(tables.length, 'table')}: ${formatRelation(one.table)}`,
      );
    },
  };
  const tellWaiting = async (what: string): Promise<void> => progress.say(what);
  try {
    await throughOutages(ctx, tellWaiting, async () => {
      compared.length = 0;
      await scan(ctx, wanted, options);
    });
  } finally {
    progress.end();
  }
  return compared;
}

async function scan(ctx: RunContext, tables: readonly TableToCompare[], options: ComparingOptions): Promise<void> {
  const scans = await planScans(ctx, tables, options);
  try {
    await executeBeside(scans.actions);
  } finally {
    await scans.close();
  }
}

/** So many rows of a table are printed. */
const TOLD = 20;

function tell(
  run: OpenRun,
  compared: readonly TableComparison[],
  {flags, all}: {readonly flags: RowFlags; readonly all: boolean},
): void {
  const differing = compared.filter(({differs}) => differs);
  for (const {how, rows, ...one} of all ? compared : differing) {
    const words = describeComparison(
      {...one, ...(how === 'rows' ? {how} : {}), ...(rows === null ? {} : {rowsThatDiffer: rows})},
      TOLD,
    );
    for (const line of words.split('; ')) say(run, printable(line));
  }
  const count = formatCount(compared.reduce((sum, {replicaRows}) => sum + replicaRows, 0));
  const isFull = compared.every(({how}) => how === 'rows');
  const what =
    flags.sample !== undefined
      ? `a SAMPLE of ${flags.sample}, ${count} rows`
      : isFull
        ? `every row, ${count} of them`
        : `only counts, of ${count} rows`;
  const end = differing.length === 0 ? 'all equal' : `${differing.length} DIFFER`;
  say(run, `${counted(compared.length, 'table')} compared: ${what}; ${end}`);
}

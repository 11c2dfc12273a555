import type {Config} from '../../../config/config.ts';
import {counted, formatBytes, formatDuration} from '../../../domain/base/units.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {sumRows} from '../../../pg/compare/table-sums.ts';
import {readSides, type TableToCompare} from '../../compare/read-sides.ts';
import {found, listedOut} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';
import {LANES, onSource} from '../final/lanes.ts';
import {planWindow} from '../final/window.ts';
import type {TablesAhead} from '../final/written-since.ts';
import type {PartNow} from './estimate.ts';
import {medianOf, quickest} from './measured-parts.ts';

/** What a few tables took to be compared now. */
export interface ComparisonSample {
  readonly bytes: number;
  readonly ms: number;
}

/** Larger tables are not read on production for an estimate. */
const LARGEST_BYTES = 8 * 1024 * 1024;
const SAMPLES = 4;

/** How long the last comparison takes: a few tables are summed on both sides now, and the others counted by these. */
export async function measureComparison(ctx: StepContext, ahead: TablesAhead, roundMs: number): Promise<PartNow> {
  const limitMs = ctx.config.cutover.compareForMs;
  const {tables, written} = ahead;
  const {counted: alone, neither} = planWindow(ahead, limitMs);
  const samples = await sampleTables(ctx, chooseSamples(tables));
  const openMs = 4 * roundMs;
  const msOf = (some: readonly TableToCompare[]): number =>
    samples.length === 0
      ? limitMs
      : comparisonMs(
          some.map((one) => one.bytes),
          samples,
        );
  const allMs = msOf(tables);
  return {
    part: 'compare-final',
    on: 'both',
    ms: openMs + Math.min(allMs, limitMs),
    lowMs: openMs + Math.min(allMs / 2, limitMs),
    highMs: 2 * openMs + Math.min(2 * allMs, 1.1 * limitMs),
    by: samples.length === 0 ? 'rule' : 'measured',
    why: `${sizeOf(tables)}${allMs <= limitMs ? '' : `: for ${formatDuration(limitMs)} (cutover.compare_for), the rest as of that moment afterwards`}; first ${sizeOf(written)} that changed since compare-again${restOf(msOf(written), limitMs)}${alone.length + neither.length === 0 ? '' : `; ${counted(alone.length, 'table')} counted alone, ${neither.length} not even that`}`,
  };
}

/** The tables that are too large for the time: of these nothing is known before the target is opened but that all has arrived. Pure. */
export function judgeTooLarge(ahead: TablesAhead, {compareForMs}: Config['cutover']): Finding[] {
  const {neither} = planWindow(ahead, compareForMs);
  if (neither.length === 0) return [];
  const names = neither
    .toSorted((a, b) => b.bytes - a.bytes)
    .map(({table, bytes}) => `${formatRelation(table)} ${formatBytes(bytes)}`);
  return [
    found('cutover', 'target').note(
      'not-counted',
      `within cutover.compare_for (${formatDuration(compareForMs)}) neither the rows of these are compared nor their number, so large are they; that all of it has arrived is proved for them as well, and the rows of that moment are compared after the hand-over: ${listedOut(names)}`,
    ),
  ];
}

/** `37 tables, 1.2 GB`. */
function sizeOf(tables: readonly TableToCompare[]): string {
  const bytes = tables.reduce((sum, one) => sum + one.bytes, 0);
  return `${counted(tables.length, 'table')}, ${formatBytes(bytes)}`;
}

/** Whether what changed is compared while writes are stopped, and what to do where it is not. */
function restOf(ms: number, limitMs: number): string {
  return ms <= limitMs
    ? ''
    : `, which take about ${formatDuration(ms)}: longhaul compare --again shortly before makes them fewer`;
}

/** Small, and of different sizes. */
function chooseSamples(tables: readonly TableToCompare[]): TableToCompare[] {
  const small = tables.filter(({bytes}) => bytes <= LARGEST_BYTES).toSorted((a, b) => a.bytes - b.bytes);
  const step = Math.max(1, (small.length - 1) / (SAMPLES - 1));
  const at = Array.from({length: SAMPLES}, (_, n) => Math.round(n * step));
  return [...new Set(at)].flatMap((index) => small[index] ?? []);
}

async function sampleTables(ctx: StepContext, tables: readonly TableToCompare[]): Promise<ComparisonSample[]> {
  if (tables.length === 0) return [];
  const {pairs, dialect} = await readSides(onSource(ctx), tables, LANES);
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const samples: ComparisonSample[] = [];
  for (const {table, columns, key, bytes, hides} of pairs) {
    if (hides) continue;
    const statement = sumRows({table, columns, key: key ?? columns, sample: null}, dialect, null);
    const ms = await quickest(ctx, async () => Promise.all([source.run(statement), target.run(statement)]));
    samples.push({bytes, ms});
  }
  return samples;
}

/** The time for tables of these sizes, in as many lanes as the comparison has: what even the smallest takes for each, and the bytes at the pace of the larger ones. Pure. */
export function comparisonMs(tables: readonly number[], samples: readonly ComparisonSample[]): number {
  const each = Math.min(...samples.map(({ms}) => ms));
  const paces = samples.filter(({bytes, ms}) => bytes > 0 && ms > each).map(({bytes, ms}) => (ms - each) / bytes);
  const pace = medianOf(paces);
  return tables.reduce((sum, bytes) => sum + each + bytes * pace, 0) / LANES;
}

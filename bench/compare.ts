// npm run bench:compare [-- --full] [--mb N] [--rounds N] [--from 9.6]: every row of a loaded database compared, in turn with `pgcopydb compare data`
// (PGCOPYDB=) and with counts, beside what its load took on the same lanes. Prints medians and ratios, how often each page was read on either server, and whether
// memory grew; each goal beside its figure; exit 1 where a goal is missed. From 9.6 nothing is a goal.
import {execFile} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs, promisify} from 'node:util';
import {formatDuration} from '../src/domain/base/units.ts';
import type {StepId} from '../src/domain/run/step-id.ts';
import {readJournal} from '../src/engine/run/journal.ts';
import {startLab, type Lab} from '../src/lab/lab.ts';
import {findOldServer} from '../test/pairs/old-server.ts';
import {growthOf, median, watchMemory, type MemoryGrowth} from './compare/memory.ts';
import {letInByTcp} from './by-tcp.ts';
import {build} from './console/build.ts';
import {sumUp, tellFigure, type Figure} from './figures.ts';
import {othersOf, shell} from './load/contenders.ts';
import {writeLoadSeed} from './load/data.ts';
import {configure} from './load/longhaul.ts';

const USUAL = {mb: 1000, rounds: 3};
const FULL = {mb: 3700, rounds: 3};
const GOAL_LOAD = 0.25;
const GOAL_PGCOPYDB = 0.5;
/** How often each page of a table is read; what is read for sizes and columns is little. */
const GOAL_READS = 1.1;
/** What there is in memory in the last quarter of a comparison for what there was in the first: it is flat. */
const GOAL_MEMORY = 1.2;
const LOADING: readonly StepId[] = ['full-load', 'build-indexes'];

const {values} = parseArgs({
  options: {full: {type: 'boolean'}, mb: {type: 'string'}, rounds: {type: 'string'}, from: {type: 'string'}},
});
const scale = values.full === true ? FULL : USUAL;
const megabytes = Number(values.mb ?? scale.mb);
const rounds = Number(values.rounds ?? scale.rounds);
if (!(megabytes > 0) || !(rounds >= 1))
  throw new Error('npm run bench:compare [-- --full] [--mb N] [--rounds N] [--from 9.6]');

type Side = 'replica' | 'target';

const call = promisify(execFile);

async function longhaul(lab: Lab, launcher: string, ...words: string[]): Promise<void> {
  await call(launcher, ['--config', lab.yamlPath, ...words], {maxBuffer: 64 * 1024 * 1024});
}

function journalOf(lab: Lab): string {
  return join(lab.folder, 'run', 'journal.jsonl');
}

/** When a step began and ended that was done last, in the run's journal. */
async function stepSpan(lab: Lab, step: StepId): Promise<{fromMs: number; toMs: number}> {
  let span = {fromMs: Number.NaN, toMs: Number.NaN};
  for (const entry of await readJournal(journalOf(lab))) {
    if (entry.type === 'step.started' && entry.step === step) span = {fromMs: Date.parse(entry.at), toMs: Number.NaN};
    if (entry.type === 'step.done' && entry.step === step) span = {...span, toMs: Date.parse(entry.at)};
  }
  return span;
}

/** Seconds of these steps in a run's journal, each as it was done last. */
async function stepSeconds(lab: Lab, steps: readonly StepId[]): Promise<number> {
  const spans = await Promise.all(steps.map(async (step) => stepSpan(lab, step)));
  return spans.reduce((sum, {fromMs, toMs}) => sum + toMs - fromMs, 0) / 1000;
}

/** The process of the supervisor that was started last; null before there is one. */
function supervisorOf(lab: Lab): string | null {
  if (!existsSync(journalOf(lab))) return null;
  const started = readFileSync(journalOf(lab), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"supervisor.started"'));
  return /"pid":(\d+)/.exec(started.at(-1) ?? '')?.[1] ?? null;
}

/** Pages of tables that a server has handed out so far. Its counters come a moment after the session that read. */
async function pagesRead(lab: Lab, side: Side): Promise<number> {
  const [[pages = '0'] = []] = await lab[side].sql(
    'SELECT sum(heap_blks_read + heap_blks_hit) FROM pg_statio_user_tables',
  );
  return Number(pages);
}

/** Pages that a server's tables have. */
async function pagesThere(lab: Lab, side: Side): Promise<number> {
  const [[pages = '0'] = []] = await lab[side].sql(
    "SELECT sum(pg_relation_size(oid)) / 8192 FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
  );
  return Number(pages);
}

async function pgcopydb(lab: Lab, program: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lh-compare-'));
  try {
    await shell(
      lab,
      `"${program}" compare data --dir "${folder}/work" --source "$PRIMARY" --target "$TO" > "${folder}/log" 2>&1 || { tail -n 20 "${folder}/log" >&2; exit 1; }`,
    );
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return (performance.now() - beganMs) / 1000;
}

/** What the rounds have come to. */
interface Taken {
  readonly full: number[];
  readonly command: number[];
  readonly pgcopydb: number[];
  readonly counts: number[];
  /** How often each page of the tables was read on a side. */
  readonly reads: Readonly<Record<Side, number[]>>;
  readonly supervisorGrowth: MemoryGrowth[];
  readonly commandGrowth: MemoryGrowth[];
}

async function compareOnce(lab: Lab, launcher: string, taken: Taken): Promise<void> {
  const before = {replica: await pagesRead(lab, 'replica'), target: await pagesRead(lab, 'target')};
  // As the load is measured: by the step, without the start of a program.
  const watch = watchMemory(lab, () => supervisorOf(lab));
  await longhaul(lab, launcher, 'run', '--plain', '--from', 'compare-rows', '--until', 'compare-rows');
  const samples = watch.stop();
  await longhaul(lab, launcher, 'shutdown');
  taken.full.push(await stepSeconds(lab, ['compare-rows']));
  taken.supervisorGrowth.push(growthOf(samples, await stepSpan(lab, 'compare-rows')));
  for (const side of ['replica', 'target'] as const)
    taken.reads[side].push(((await pagesRead(lab, side)) - before[side]) / (await pagesThere(lab, side)));
}

async function compareByCommand(lab: Lab, launcher: string, taken: Taken): Promise<void> {
  const running = call(launcher, ['--config', lab.yamlPath, 'compare'], {maxBuffer: 64 * 1024 * 1024});
  const watch = watchMemory(lab, () => String(running.child.pid ?? ''));
  taken.command.push(await secondsOf(async () => void (await running)));
  taken.commandGrowth.push(growthOf(watch.stop(), null));
}

async function measure(lab: Lab, launcher: string): Promise<Figure[]> {
  await configure(lab, {method: 'copy', lanes: '2', index_jobs: '2', maintenance_work_mem: '64MB'});
  await longhaul(lab, launcher, 'run', '--plain', '--until', 'compare-rows');
  await longhaul(lab, launcher, 'shutdown');
  const loadS = await stepSeconds(lab, LOADING);
  const taken: Taken = {
    full: [await stepSeconds(lab, ['compare-rows'])],
    command: [],
    pgcopydb: [],
    counts: [],
    reads: {replica: [], target: []},
    supervisorGrowth: [],
    commandGrowth: [],
  };
  const program = process.env['PGCOPYDB'] ?? '/usr/bin/pgcopydb';
  const there =
    othersOf('database').find(({name}) => name === 'pgcopydb')?.missing === null && values.from === undefined;
  if (!there) console.log('  pgcopydb: not measured, PGCOPYDB= names no program, or it does not read this release');
  for (let round = 1; round <= rounds; round += 1) {
    await compareOnce(lab, launcher, taken);
    await compareByCommand(lab, launcher, taken);
    if (there) taken.pgcopydb.push(await secondsOf(async () => pgcopydb(lab, program)));
    taken.counts.push(await secondsOf(async () => longhaul(lab, launcher, 'compare', '--quick')));
  }
  const [full, theirs] = [median(taken.full), median(taken.pgcopydb)];
  console.log(
    `  load ${loadS.toFixed(1)} s; compared ${full.toFixed(1)} s (longhaul compare, with its start, ${median(taken.command).toFixed(1)} s), pgcopydb ${theirs.toFixed(1)} s, counts ${median(taken.counts).toFixed(1)} s`,
  );
  return figuresOf(taken, {loadS, there});
}

function figure(name: string, value: number | null, most: number): Figure {
  return {name, value, goal: values.from === undefined ? most : null, unit: '', digits: 3};
}

function grown(of: readonly MemoryGrowth[], what: keyof MemoryGrowth): number {
  return median(of.map((growth) => growth[what]));
}

function figuresOf(taken: Taken, {loadS, there}: {readonly loadS: number; readonly there: boolean}): Figure[] {
  const full = median(taken.full);
  return [
    figure('every row compared / load', full / loadS, GOAL_LOAD),
    figure('every row compared / pgcopydb compare data', there ? full / median(taken.pgcopydb) : null, GOAL_PGCOPYDB),
    figure('reads of each page of the replica', median(taken.reads.replica), GOAL_READS),
    figure('reads of each page of the target', median(taken.reads.target), GOAL_READS),
    ...(
      [
        ['the supervisor', taken.supervisorGrowth],
        ['longhaul compare', taken.commandGrowth],
      ] as const
    ).flatMap(([who, growth]) => [
      figure(`memory of ${who}, last quarter / first`, grown(growth, 'process'), GOAL_MEMORY),
      figure(`memory of a session of ${who}, last quarter / first`, grown(growth, 'session'), GOAL_MEMORY),
    ]),
  ];
}

const beganMs = performance.now();
const old = values.from === '9.6' ? findOldServer() : null;
const lab = await startLab({
  seed: writeLoadSeed({megabytes, tables: 0, shape: 'database'}),
  ...(old === null ? {} : {sourceBin: old, targetBin: '/usr/lib/postgresql/15/bin'}),
});
try {
  await letInByTcp(lab);
  await lab.source.sql('DROP EXTENSION IF EXISTS pglogical CASCADE');
  const figures = await measure(lab, build());
  for (const one of figures) tellFigure(one);
  sumUp(`comparison of ${megabytes} MB`, figures, formatDuration(performance.now() - beganMs));
} finally {
  await lab.stop();
}

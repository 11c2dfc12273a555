// npm run bench:compare [-- --full] [--mb N] [--rounds N] [--from 9.6]: every row of a loaded database compared, in turn with `pgcopydb compare data`
// (PGCOPYDB=) and with counts, beside what its load took on the same lanes. Prints medians and ratios, each goal beside its figure; exit 1 where a goal
// is missed. From 9.6 nothing is a goal.
import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs, promisify} from 'node:util';
import {formatDuration} from '../src/domain/base/units.ts';
import type {StepId} from '../src/domain/run/step-id.ts';
import {readJournal} from '../src/engine/run/journal.ts';
import {startLab, type Lab} from '../src/lab/lab.ts';
import {findOldServer} from '../test/pairs/old-server.ts';
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
const LOADING: readonly StepId[] = ['full-load', 'build-indexes'];

const {values} = parseArgs({
  options: {full: {type: 'boolean'}, mb: {type: 'string'}, rounds: {type: 'string'}, from: {type: 'string'}},
});
const scale = values.full === true ? FULL : USUAL;
const megabytes = Number(values.mb ?? scale.mb);
const rounds = Number(values.rounds ?? scale.rounds);
if (!(megabytes > 0) || !(rounds >= 1))
  throw new Error('npm run bench:compare [-- --full] [--mb N] [--rounds N] [--from 9.6]');

const call = promisify(execFile);

async function longhaul(lab: Lab, launcher: string, ...words: string[]): Promise<void> {
  await call(launcher, ['--config', lab.yamlPath, ...words], {maxBuffer: 64 * 1024 * 1024});
}

/** Seconds of these steps in a run's journal, each as it was done last. */
async function stepSeconds(lab: Lab, steps: readonly StepId[]): Promise<number> {
  const began = new Map<StepId, number>();
  const took = new Map<StepId, number>();
  for (const entry of await readJournal(join(lab.folder, 'run', 'journal.jsonl'))) {
    if (entry.type === 'step.started') began.set(entry.step, Date.parse(entry.at));
    if (entry.type === 'step.done' && steps.includes(entry.step))
      took.set(entry.step, Date.parse(entry.at) - (began.get(entry.step) ?? Number.NaN));
  }
  return [...took.values()].reduce((sum, ms) => sum + ms, 0) / 1000;
}

/** Pages of tables that the target has handed out so far. Its counters come a moment after the session that read. */
async function pagesRead(lab: Lab): Promise<number> {
  const [[pages = '0'] = []] = await lab.target.sql(
    'SELECT sum(heap_blks_read + heap_blks_hit) FROM pg_statio_user_tables',
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

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function measure(lab: Lab, launcher: string): Promise<Figure[]> {
  await configure(lab, {method: 'copy', lanes: '2', index_jobs: '2', maintenance_work_mem: '64MB'});
  await longhaul(lab, launcher, 'run', '--plain', '--until', 'compare-rows');
  await longhaul(lab, launcher, 'shutdown');
  const loadS = await stepSeconds(lab, LOADING);
  const first = await stepSeconds(lab, ['compare-rows']);
  const [[pages = '0'] = []] = await lab.target.sql(
    "SELECT sum(pg_relation_size(oid)) / 8192 FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
  );
  const taken = {full: [first], command: [] as number[], pgcopydb: [] as number[], counts: [] as number[]};
  const reads: number[] = [];
  const program = process.env['PGCOPYDB'] ?? '/usr/bin/pgcopydb';
  const there =
    othersOf('database').find(({name}) => name === 'pgcopydb')?.missing === null && values.from === undefined;
  if (!there) console.log('  pgcopydb: not measured, PGCOPYDB= names no program, or it does not read this release');
  for (let round = 1; round <= rounds; round += 1) {
    const before = await pagesRead(lab);
    // As the load is measured: by the step, without the start of a program.
    await longhaul(lab, launcher, 'run', '--plain', '--from', 'compare-rows', '--until', 'compare-rows');
    await longhaul(lab, launcher, 'shutdown');
    taken.full.push(await stepSeconds(lab, ['compare-rows']));
    reads.push(((await pagesRead(lab)) - before) / Number(pages));
    taken.command.push(await secondsOf(async () => longhaul(lab, launcher, 'compare')));
    if (there) taken.pgcopydb.push(await secondsOf(async () => pgcopydb(lab, program)));
    taken.counts.push(await secondsOf(async () => longhaul(lab, launcher, 'compare', '--quick')));
  }
  const [full, theirs] = [median(taken.full), median(taken.pgcopydb)];
  console.log(
    `  load ${loadS.toFixed(1)} s; compared ${full.toFixed(1)} s (longhaul compare, with its start, ${median(taken.command).toFixed(1)} s), pgcopydb ${theirs.toFixed(1)} s, counts ${median(taken.counts).toFixed(1)} s`,
  );
  const ratio = {unit: '', digits: 3};
  const goal = (most: number): number | null => (values.from === undefined ? most : null);
  return [
    {name: 'every row compared / load', value: full / loadS, goal: goal(GOAL_LOAD), ...ratio},
    {
      name: 'every row compared / pgcopydb compare data',
      value: there ? full / theirs : null,
      goal: goal(GOAL_PGCOPYDB),
      ...ratio,
    },
    {name: 'reads of each page of the target', value: median(reads), goal: goal(GOAL_READS), ...ratio},
  ];
}

const beganMs = performance.now();
const old = values.from === '9.6' ? findOldServer() : null;
const lab = await startLab({
  seed: writeLoadSeed({megabytes, tables: 0, shape: 'database'}),
  ...(old === null ? {} : {sourceBin: old, targetBin: '/usr/lib/postgresql/15/bin'}),
});
try {
  await lab.source.sql('DROP EXTENSION IF EXISTS pglogical CASCADE');
  const figures = await measure(lab, build());
  for (const figure of figures) tellFigure(figure);
  sumUp(`comparison of ${megabytes} MB`, figures, formatDuration(performance.now() - beganMs));
} finally {
  await lab.stop();
}

// npm run bench:cutover [-- --full] [--mb N] [--rounds N] [--rate N]: cutovers and ways back under an application that writes, on servers of this machine:
// how long it is kept from writing, by its own clock, what of that each step takes, and whether a row is lost. Prints medians, each goal beside its
// figure; exit 1 where a goal is missed.
import {execFile} from 'node:child_process';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {parseArgs, promisify} from 'node:util';
import {formatDuration} from '../src/domain/base/units.ts';
import {readJournal} from '../src/engine/run/journal.ts';
import {startLab, type Lab} from '../src/lab/lab.ts';
import {build} from './console/build.ts';
import {startWriters, sumsOf, type Writers, type WriteStop} from './cutover/clients.ts';
import {writeCutoverSeed} from './cutover/data.ts';
import {type Figure, sumUp, tellFigure} from './figures.ts';

const USUAL_MB = 500;
const FULL_MB = 5000;
const GOAL_MEDIAN_S = 2;
const GOAL_WORST_S = 3;

const {values} = parseArgs({
  options: {full: {type: 'boolean'}, mb: {type: 'string'}, rounds: {type: 'string'}, rate: {type: 'string'}},
});
const megabytes = Number(values.mb ?? (values.full === true ? FULL_MB : USUAL_MB));
const rounds = Number(values.rounds ?? 5);
const rate = Number(values.rate ?? 500);
if (!(megabytes > 0) || !(rounds >= 1) || !(rate > 0))
  throw new Error('npm run bench:cutover [-- --full] [--mb N] [--rounds N] [--rate N]');

type Direction = 'cutover' | 'back';

/** One time that the writers were led to the other side. */
interface Turn extends WriteStop {
  readonly direction: Direction;
  /** Milliseconds of each step. */
  readonly steps: ReadonlyMap<string, number>;
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

async function call(lab: Lab, launcher: string, ...words: string[]): Promise<void> {
  try {
    await promisify(execFile)(launcher, ['--config', lab.yamlPath, ...words], {maxBuffer: 64 * 1024 * 1024});
  } catch (error) {
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout).slice(-3000) : '';
    throw new Error(`longhaul ${words.join(' ')} failed: ${said}`, {cause: error});
  }
}

/** What the steps took behind this event of the journal. */
async function stepsSince(lab: Lab, seq: number): Promise<ReadonlyMap<string, number>> {
  const began = new Map<string, number>();
  const took = new Map<string, number>();
  for (const entry of await readJournal(join(lab.folder, 'run', 'journal.jsonl'))) {
    if (entry.seq <= seq) continue;
    if (entry.type === 'step.started') began.set(entry.step, Date.parse(entry.at));
    if (entry.type === 'step.done')
      took.set(entry.step, Date.parse(entry.at) - (began.get(entry.step) ?? Date.parse(entry.at)));
  }
  return took;
}

async function turn(lab: Lab, launcher: string, writers: Writers, direction: Direction): Promise<Turn> {
  const before = (await readJournal(join(lab.folder, 'run', 'journal.jsonl'))).at(-1)?.seq ?? 0;
  await call(lab, launcher, direction, '--yes', 'rehearsal', '--plain');
  for (let tries = 0; tries < 200; tries += 1) {
    const stop = writers.takeStop();
    if (stop !== null) return {...stop, direction, steps: await stepsSince(lab, before)};
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  throw new Error(`after ${direction} the writers were let in nowhere within 10 s`);
}

function tellParts(direction: Direction, turns: readonly Turn[]): void {
  const names = [...new Set(turns.flatMap(({steps}) => [...steps.keys()]))];
  const parts = names.map((name) => `${name} ${Math.round(median(turns.map(({steps}) => steps.get(name) ?? 0)))} ms`);
  console.log(`      ${direction}, its parts (medians): ${parts.join(', ')}`);
}

function figuresOf(direction: Direction, turns: readonly Turn[]): Figure[] {
  const seconds = turns.map(({stopMs}) => stopMs / 1000);
  const shared = {unit: 's', digits: 2};
  return [
    {name: `${direction}: write stop, median`, value: median(seconds), goal: GOAL_MEDIAN_S, ...shared},
    {name: `${direction}: write stop, longest`, value: Math.max(...seconds), goal: GOAL_WORST_S, ...shared},
    {
      name: `${direction}: from the last write to the next, median`,
      value: median(turns.map(({gapMs}) => gapMs / 1000)),
      goal: null,
      ...shared,
    },
  ];
}

const beganMs = performance.now();
const launcher = build();
console.log(`${megabytes} MB in 60 tables, ${rate} transactions a second, 3 slots, ${rounds} cutovers and ways back`);
const lab = await startLab({seed: writeCutoverSeed(megabytes), engine: 'native', wayBack: true});
const writers = startWriters([lab.source, lab.target], rate);
const figures: Figure[] = [];
try {
  const yaml = await readFile(lab.yamlPath, 'utf8');
  await writeFile(lab.yamlPath, yaml.replace('caught_up_for: 3s', 'caught_up_for: 1s'));
  await call(lab, launcher, 'run', '--plain');
  console.log(`      loaded and caught up after ${formatDuration(performance.now() - beganMs)}`);
  const turns: Turn[] = [];
  for (let round = 1; round <= rounds; round += 1)
    for (const direction of ['cutover', 'back'] as const) {
      const one = await turn(lab, launcher, writers, direction);
      console.log(`      ${direction} ${round}: ${(one.stopMs / 1000).toFixed(2)} s`);
      turns.push(one);
    }
  await writers.stop();
  const committed = writers.committed();
  const {rows, balance} = await sumsOf(lab.source);
  for (const direction of ['cutover', 'back'] as const) {
    const own = turns.filter((one) => one.direction === direction);
    figures.push(...figuresOf(direction, own));
    tellParts(direction, own);
  }
  // A commit whose answer was cut off may be there without having been counted.
  const known = {unit: '', digits: 0};
  figures.push(
    {name: 'committed transactions that are lost', value: Math.max(0, committed - rows), goal: 0, ...known},
    {name: 'rows without their sum', value: Math.abs(rows - balance), goal: 0, ...known},
  );
} finally {
  await writers.stop();
  await call(lab, launcher, 'shutdown', '--lanes', '--yes', 'rehearsal').catch(() => undefined);
  await lab.stop();
}
for (const figure of figures) tellFigure(figure);
sumUp('cutover', figures, formatDuration(performance.now() - beganMs));

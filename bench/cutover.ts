// npm run bench:cutover [-- --full] [--mb N] [--rest MB] [--rounds N] [--rate N] [--engine native|pglogical]: cutovers and ways back under an application that writes, on servers of this machine:
// how long it is kept from writing, by its own clock, what of that each step takes, and whether a row is lost. Prints medians, each goal beside its
// figure; exit 1 where a goal is missed.
import {execFile} from 'node:child_process';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {parseArgs, promisify} from 'node:util';
import {formatDuration} from '../src/domain/base/units.ts';
import {engineOf} from '../src/engine/capture/engines.ts';
import {readJournal} from '../src/engine/run/journal.ts';
import {startLab, type Lab} from '../src/lab/lab.ts';
import {measuredParts, medianOf, type MeasuredParts} from '../src/engine/cutover/rehearsal/measured-parts.ts';
import {build} from './console/build.ts';
import {startWriters, sumsOf, type Writers, type WriteStop} from './cutover/clients.ts';
import {REST_CHANGES, writeCutoverSeed} from './cutover/data.ts';
import {type Figure, sumUp, tellFigure} from './figures.ts';

const USUAL_MB = 500;
const FULL_MB = 5000;
const GOAL_MEDIAN_S = 2;
const GOAL_WORST_S = 3;
const GOAL_OFF_PERCENT = 30;

const {values} = parseArgs({
  options: {
    full: {type: 'boolean'},
    mb: {type: 'string'},
    /** What change capture does not carry, beside it; then it is its estimate that is judged, and not the write stop. */
    rest: {type: 'string', default: '0'},
    rounds: {type: 'string'},
    rate: {type: 'string'},
    engine: {type: 'string', default: 'native'},
  },
});
const megabytes = Number(values.mb ?? (values.full === true ? FULL_MB : USUAL_MB));
const restMegabytes = Number(values.rest);
const wantedRounds = Number(values.rounds ?? 5);
const rate = Number(values.rate ?? 500);
const engine = values.engine === 'pglogical' ? 'pglogical' : 'native';
const hasWayBack = engineOf({cdc: {engine}}).reverse !== null;
// Without a way back there is one cutover, and no second.
const directions = hasWayBack ? (['cutover', 'back'] as const) : (['cutover'] as const);
const rounds = hasWayBack ? wantedRounds : 1;
if (!(megabytes > 0) || !(rounds >= 1) || !(rate > 0))
  throw new Error('npm run bench:cutover [-- --full] [--mb N] [--rest MB] [--rounds N] [--rate N]');

type Direction = 'cutover' | 'back';

/** One time that the writers were led to the other side. */
interface Turn extends WriteStop {
  readonly direction: Direction;
  /** Milliseconds of each part. */
  readonly steps: MeasuredParts;
  /** What `longhaul cutover --check` had said before, in seconds; null of a way back. */
  readonly estimated: Estimate | null;
}

/** Seconds, of all and of copy-the-rest alone. */
interface Estimate {
  readonly stop: number;
  readonly rest: number;
}

async function call(lab: Lab, launcher: string, ...words: string[]): Promise<string> {
  try {
    const {stdout} = await promisify(execFile)(launcher, ['--config', lab.yamlPath, ...words], {
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout).slice(-3000) : '';
    throw new Error(`longhaul ${words.join(' ')} failed: ${said}`, {cause: error});
  }
}

/** What each part of the write stop took that is behind this event of the journal. */
async function partsSince(lab: Lab, seq: number, direction: Direction): Promise<MeasuredParts> {
  const entries = (await readJournal(join(lab.folder, 'run', 'journal.jsonl'))).filter((entry) => entry.seq > seq);
  return measuredParts(entries, direction).at(-1) ?? new Map();
}

async function rowsOf(server: Lab['source']): Promise<number> {
  return Number((await server.sql('SELECT count(*) FROM public.child_0'))[0]?.[0]);
}

/** Waits until what is written on the one side arrives on the other: who turns round before that is sent away. */
async function untilFollowed(lab: Lab, direction: Direction): Promise<void> {
  const [from, to] = direction === 'cutover' ? [lab.source, lab.target] : [lab.target, lab.source];
  const least = await rowsOf(from);
  for (let tries = 0; tries < 600; tries += 1) {
    if ((await rowsOf(to)) >= least) return;
    await wait(100);
  }
  throw new Error(`before ${direction} nothing arrived within a minute`);
}

async function wait(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Right after a way back the last subscription may still be on its way to be enabled: pglogical takes a second for each. */
async function onceItFollows(check: () => Promise<string>): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await check();
    } catch (error) {
      if (tries === 20) throw error;
      await wait(1000);
    }
  }
}

/** The seconds of `write stop: about 1.8 s (…)`, and of copy-the-rest. */
async function estimate(lab: Lab, launcher: string): Promise<Estimate> {
  const said = await onceItFollows(async () => call(lab, launcher, 'cutover', '--check'));
  console.log(
    said
      .split('\n')
      .filter((line) => / about /.test(line))
      .map((line) => `        ${line}`)
      .join('\n'),
  );
  return {
    stop: Number(/write stop: about ([\d.]+) s/.exec(said)?.[1]),
    rest: Number(/copy-the-rest .* about ([\d.]+) s/.exec(said)?.[1]),
  };
}

async function turn(lab: Lab, launcher: string, writers: Writers, direction: Direction): Promise<Turn> {
  const before = (await readJournal(join(lab.folder, 'run', 'journal.jsonl'))).at(-1)?.seq ?? 0;
  await untilFollowed(lab, direction);
  if (direction === 'cutover' && restMegabytes > 0) for (const change of REST_CHANGES) await lab.source.sql(change);
  const estimated = direction === 'cutover' ? await estimate(lab, launcher) : null;
  await call(lab, launcher, direction, '--yes', 'rehearsal', '--plain');
  for (let tries = 0; tries < 200; tries += 1) {
    const stop = writers.takeStop();
    if (stop !== null) return {...stop, direction, estimated, steps: await partsSince(lab, before, direction)};
    await wait(50);
  }
  throw new Error(`after ${direction} the writers were let in nowhere within 10 s`);
}

function tellParts(direction: Direction, turns: readonly Turn[]): void {
  const names = [...new Set(turns.flatMap(({steps}) => [...steps.keys()]))];
  const parts = names.map((name) => `${name} ${Math.round(medianOf(turns.map(({steps}) => steps.get(name) ?? 0)))} ms`);
  console.log(`      ${direction}, its parts (medians): ${parts.join(', ')}`);
}

/** How far the estimates are from the truth, in per cent. */
function offBy(turns: readonly Turn[], of: (one: Turn) => readonly [estimated: number, took: number]): number {
  return medianOf(turns.map(of).map(([estimated, took]) => Math.abs(estimated / took - 1) * 100));
}

/** How long it takes to bring over what change capture does not carry is another question than how long a cutover stops the writes. */
function goalOf(seconds: number): number | null {
  return restMegabytes === 0 ? seconds : null;
}

function figuresOf(direction: Direction, turns: readonly Turn[]): Figure[] {
  const seconds = turns.map(({stopMs}) => stopMs / 1000);
  const shared = {unit: 's', digits: 2};
  return [
    {name: `${direction}: write stop, median`, value: medianOf(seconds), goal: goalOf(GOAL_MEDIAN_S), ...shared},
    {name: `${direction}: write stop, longest`, value: Math.max(...seconds), goal: goalOf(GOAL_WORST_S), ...shared},
    {
      name: `${direction}: from the last write to the next, median`,
      value: medianOf(turns.map(({gapMs}) => gapMs / 1000)),
      goal: null,
      ...shared,
    },
  ];
}

const beganMs = performance.now();
const launcher = build();
console.log(`${megabytes} MB in 60 tables, ${rate} transactions a second, 3 slots, ${rounds} cutovers and ways back`);
const lab = await startLab({seed: writeCutoverSeed(megabytes, restMegabytes), engine, wayBack: hasWayBack});
const writers = startWriters([lab.source, lab.target], rate);
const figures: Figure[] = [];
try {
  const yaml = await readFile(lab.yamlPath, 'utf8');
  await writeFile(lab.yamlPath, yaml.replace('caught_up_for: 3s', 'caught_up_for: 1s'));
  await call(lab, launcher, 'run', '--plain');
  console.log(`      loaded and caught up after ${formatDuration(performance.now() - beganMs)}`);
  const turns: Turn[] = [];
  for (let round = 1; round <= rounds; round += 1)
    for (const direction of directions) {
      const one = await turn(lab, launcher, writers, direction);
      console.log(
        `      ${direction} ${round}: ${(one.stopMs / 1000).toFixed(2)} s${one.estimated === null ? '' : `, estimated ${one.estimated.stop.toFixed(2)} s`}: ${[...one.steps].map(([part, ms]) => `${part} ${ms}`).join(', ')}`,
      );
      turns.push(one);
    }
  await writers.stop();
  const committed = writers.committed();
  const {rows, balance} = await sumsOf(hasWayBack ? lab.source : lab.target);
  for (const direction of directions) {
    const own = turns.filter((one) => one.direction === direction);
    figures.push(...figuresOf(direction, own));
    tellParts(direction, own);
  }
  const cutovers = turns.filter(({direction}) => direction === 'cutover');
  const off = {goal: GOAL_OFF_PERCENT, unit: '%', digits: 0};
  figures.push({
    name: 'the estimate beside the truth, median',
    value: offBy(cutovers, ({estimated, stopMs}) => [estimated?.stop ?? 0, stopMs / 1000]),
    ...off,
  });
  if (restMegabytes > 0)
    figures.push({
      name: 'that of copy-the-rest, median',
      value: offBy(cutovers, ({estimated, steps}) => [estimated?.rest ?? 0, (steps.get('copy-the-rest') ?? 0) / 1000]),
      ...off,
    });
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

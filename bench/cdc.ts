// npm run bench:cdc [-- --full] [--transactions N] [--rounds N]: how fast change capture applies a backlog, native and pglogical, by one slot and by three, each beside
// bare subscriptions that are made by hand for the same tables of another database and apply the same backlog in turn; and what the probes cost the primary
// meanwhile. Prints medians, each goal beside its figure; exit 1 where a goal is missed.
import {medianOf} from '../src/engine/cutover/rehearsal/measured-parts.ts';
import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {parseArgs, promisify} from 'node:util';
import {formatDuration} from '../src/domain/base/units.ts';
import {startLab, type Lab} from '../src/lab/lab.ts';
import {reduceAll} from '../src/domain/run/reduce.ts';
import {readJournal} from '../src/engine/run/journal.ts';
import {build} from './console/build.ts';
import {BARE, makeBare, type BareEngine} from './cdc/bare.ts';
import {CHANGES, sumsOf, writeBacklog, writeCdcSeed} from './cdc/data.ts';
import {hold, waitUntilHeld} from './cdc/held.ts';
import {probingCost} from './cdc/probing.ts';
import {type Figure, sumUp, tellFigure} from './figures.ts';

const ENGINES: readonly BareEngine[] = ['native', 'pglogical'];
const SLOTS = [1, 3] as const;
/** The rate is at least 0.95 of the bare one. */
const GOAL_TIME = 1 / 0.95;
const GOAL_PROBES = 0.5;
const WRITES_A_SECOND = 200;

const {values} = parseArgs({
  options: {
    full: {type: 'boolean', default: false},
    transactions: {type: 'string'},
    rounds: {type: 'string'},
    seconds: {type: 'string'},
    engine: {type: 'string'},
  },
});
const transactions = Number(values.transactions ?? (values.full ? 60_000 : 10_000));
const rounds = Number(values.rounds ?? (values.full ? 16 : 8));
const seconds = Number(values.seconds ?? (values.full ? 300 : 40));
if (!(transactions > 0) || !(rounds >= 1) || !(seconds > 0))
  throw new Error('npm run bench:cdc [-- --full] [--transactions N] [--rounds N] [--seconds N] [--engine native]');

/** Seconds that a backlog took. */
interface Round {
  readonly ours: number;
  readonly bare: number;
}

async function call(lab: Lab, launcher: string, ...words: string[]): Promise<void> {
  try {
    await promisify(execFile)(launcher, ['--config', lab.yamlPath, ...words], {maxBuffer: 64 * 1024 * 1024});
  } catch (error) {
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout).slice(-3000) : '';
    throw new Error(`longhaul ${words.join(' ')} failed: ${said}`, {cause: error});
  }
}

/** A lab whose change capture has caught up, with room for as many bare subscriptions beside it. */
async function caughtUp(engine: BareEngine, slots: number, launcher: string): Promise<Lab> {
  const lab = await startLab({seed: writeCdcSeed(), engine});
  try {
    const yaml = await readFile(lab.yamlPath, 'utf8');
    await writeFile(
      lab.yamlPath,
      yaml.replace('caught_up_for: 3s', 'caught_up_for: 1s').replace('count: 3', `count: ${slots}`),
    );
    for (const server of [lab.source, lab.target]) {
      for (const setting of ['autovacuum = off', 'max_worker_processes = 40', 'max_logical_replication_workers = 12'])
        await server.sql(`ALTER SYSTEM SET ${setting}`);
      // Workers that wait at their first row answer nobody.
      await server.sql('ALTER SYSTEM SET wal_sender_timeout = 0');
      await server.sql('ALTER SYSTEM SET wal_receiver_timeout = 0');
      if (server === lab.target) await server.restart();
      else await server.sql('SELECT pg_reload_conf()');
    }
    await call(lab, launcher, 'run', '--plain');
    return lab;
  } catch (error) {
    await lab.stop();
    throw error;
  }
}

/** One backlog, applied by Longhaul's subscriptions and by the bare ones, in this order or the other. Longhaul's supervisor watches its own, and is still for the others. */
async function applyOnce(lab: Lab, {mark, workers}: {mark: number; workers: number}): Promise<Round> {
  const [ours, bare] = [await hold(lab.target, 'app'), await hold(lab.target, BARE)];
  await writeBacklog(lab.source, transactions, mark);
  await waitUntilHeld(lab.target, workers);
  const supervisor = reduceAll(await readJournal(join(lab.folder, 'run', 'journal.jsonl'))).supervisor?.pid;
  if (supervisor === undefined) throw new Error('the supervisor has ended');
  const applyBare = async (): Promise<number> => {
    process.kill(supervisor, 'SIGSTOP');
    try {
      return await bare.release(mark);
    } finally {
      process.kill(supervisor, 'SIGCONT');
    }
  };
  if (mark % 2 === 0) return {ours: await ours.release(mark), bare: await applyBare()};
  const took = await applyBare();
  return {bare: took, ours: await ours.release(mark)};
}

function rate(took: number): number {
  return (transactions * CHANGES) / took;
}

function figuresOf(engine: BareEngine, slots: number, told: readonly Round[]): Figure[] {
  const name = `${engine}, ${slots === 1 ? 'one slot' : `${slots} slots`}`;
  return [
    {
      name: `${name}: applied`,
      value: rate(medianOf(told.map(({ours}) => ours))),
      goal: null,
      unit: 'rows/s',
      digits: 0,
    },
    {name: `${name}: bare`, value: rate(medianOf(told.map(({bare}) => bare))), goal: null, unit: 'rows/s', digits: 0},
    {
      name: `${name}: its time beside a bare subscription's`,
      value: medianOf(told.map(({ours, bare}) => ours / bare)),
      goal: Number(GOAL_TIME.toFixed(3)),
      unit: '',
      digits: 3,
    },
  ];
}

/** What the probes cost the primary while a writer works and all is applied. */
async function probesUnderWriters(lab: Lab, engine: BareEngine): Promise<Figure> {
  const {source} = lab;
  const script = join(lab.folder, 'steady.sql');
  await writeFile(script, 'CALL public.write_backlog(1);\n');
  const words = ['-n', '-c', '2', '-R', String(WRITES_A_SECOND), '-T', '100000', '-f', script];
  const writers = spawn(
    join(source.clientBin, 'pgbench'),
    [...words, '-h', source.socketDir, '-p', String(source.port), '-U', 'postgres', 'app'],
    {stdio: 'ignore'},
  );
  try {
    return {
      name: `${engine}, 3 slots, ${WRITES_A_SECOND} writes a second: Longhaul's sessions on the primary`,
      value: await probingCost(source, seconds),
      goal: GOAL_PROBES,
      unit: '% of a core',
      digits: 2,
    };
  } finally {
    const gone = once(writers, 'exit');
    writers.kill('SIGTERM');
    await gone;
  }
}

async function measure(engine: BareEngine, slots: number, launcher: string): Promise<Figure[]> {
  const lab = await caughtUp(engine, slots, launcher);
  try {
    const groups = await makeBare(lab, engine);
    const told: Round[] = [];
    for (let mark = 1; mark <= rounds; mark += 1) {
      const one = await applyOnce(lab, {mark, workers: 2 * groups});
      console.log(`      ${engine}, ${slots}: ${one.ours.toFixed(2)} s, bare ${one.bare.toFixed(2)} s`);
      told.push(one);
    }
    const figures = figuresOf(engine, slots, told);
    const sums = [await sumsOf(lab.source, 'app'), await sumsOf(lab.target, 'app')];
    const unequal = sums[0] === sums[1] ? 0 : 1;
    figures.push({name: `${engine}, ${slots}: sides that differ`, value: unequal, goal: 0, unit: '', digits: 0});
    if (slots === 3) figures.push(await probesUnderWriters(lab, engine));
    return figures;
  } finally {
    await call(lab, launcher, 'shutdown', '--lanes', '--yes', 'rehearsal').catch(() => undefined);
    await lab.stop();
  }
}

const beganMs = performance.now();
const launcher = build();
console.log(`a backlog of ${transactions} transactions of ${CHANGES} rows, ${rounds} times`);
const figures: Figure[] = [];
for (const engine of ENGINES.filter((one) => values.engine === undefined || one === values.engine))
  for (const slots of SLOTS) figures.push(...(await measure(engine, slots, launcher)));
// The stand-in for DMS is slower than DMS is, and there is no bare one of it.
figures.push({name: 'dms: applied', value: null, goal: null, unit: 'rows/s'});
for (const figure of figures) tellFigure(figure);
sumUp('cdc', figures, formatDuration(performance.now() - beganMs));

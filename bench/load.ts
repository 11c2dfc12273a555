// npm run bench:load [-- --full] [--mb N] [--tables N] [--units N] [--rounds N] [--method M] [--shape S] [--source 13] [--linear]: the ways to load a database, several rounds
// in turn, on servers of this machine: as the article writes it, pg_dump -Fd -j, pgcopydb (PGCOPYDB=), Longhaul, and the floor of what the servers give; the
// largest table alone, by its key where the source is before 14; many small tables; many units; a kill of everything in the middle of a table of ten units; with --linear the
// same database in 1, 2, 4 and 8 times the size. Every load is checked by checksum. Prints medians and ratios, each goal beside its figure; exit 1 where a goal is missed.
//
// Every contender's line has its seconds on a CPU, and of these each server's: a machine with other work to do changes them less than the clock. "all else" is the
// clients, and whatever the machine does besides. To find out where time goes: --against pgcopydb,floor leaves the others out (none: all), --load unit_size=10GB
// sets a key of `load` (as often as wanted), and --journals FOLDER keeps the run folders, whose journal says when each unit began and ended.
import {cpSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {formatDuration} from '../src/domain/base/units.ts';
import {compareFingerprints, type TableFingerprint} from '../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../src/lab/lab.ts';
import {serverBin} from '../test/pairs/npm-servers.ts';
import {letInByTcp} from './by-tcp.ts';
import {build} from './console/build.ts';
import {type Figure, sumUp, tellFigure} from './figures.ts';
import {checksumDatabase} from './load/checksum.ts';
import {othersOf, type Contender, type Counted} from './load/contenders.ts';
import {writeLoadSeed, type Shape} from './load/data.ts';
import {judge, median} from './load/judge.ts';
import {loadedAgain} from './load/killed.ts';
import {configure, runLonghaul, type LonghaulRun} from './load/longhaul.ts';
import {busySeconds, serverCpu} from './server-cpu.ts';

const USUAL = {mb: 300, tables: 500, units: 200, rounds: 2};
const FULL = {mb: 3700, tables: 10_000, units: 2000, rounds: 4};
const LANES = 2;
/** How large the parts of the table are that is in many units. */
const SMALL_UNIT_KB = 128;
/** In how many units the table is in whose middle everything is killed. */
const KILLED_UNITS = 10;
/** Times the size that `--linear` begins with, which is 1 GB. */
const SIZES = [1, 2, 4, 8];
const LINEAR_MB = 1000;

/** Eight times as much takes at most so many times as long. */
const GOAL_LINEAR = 8.8;

const {values} = parseArgs({
  options: {
    full: {type: 'boolean'},
    mb: {type: 'string'},
    tables: {type: 'string'},
    units: {type: 'string'},
    linear: {type: 'boolean'},
    rounds: {type: 'string'},
    method: {type: 'string'},
    shape: {type: 'string'},
    source: {type: 'string'},
    against: {type: 'string'},
    load: {type: 'string', multiple: true},
    journals: {type: 'string'},
  },
});
const chosen = values.against?.split(',') ?? null;
const scale = values.full === true ? FULL : USUAL;
const megabytes = Number(values.mb ?? scale.mb);
const tables = Number(values.tables ?? scale.tables);
const units = Number(values.units ?? scale.units);
const rounds = Number(values.rounds ?? scale.rounds);
if (!(megabytes > 0) || !(rounds >= 1)) throw new Error('npm run bench:load [-- --full] [--mb N] [--rounds N]');

/** A target as it was before the first load. */
async function empty({target}: Lab): Promise<void> {
  await target.sql('DROP DATABASE IF EXISTS app WITH (FORCE)', 'postgres');
  await target.sql('CREATE DATABASE app OWNER longhaul TEMPLATE app_empty', 'postgres');
  await target.sql('CHECKPOINT', 'postgres');
}

/** How Longhaul is to load, with what `--load` says. */
function loadKeys(shape: Shape | 'killed', own: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    method: values.method ?? 'auto',
    lanes: String(LANES),
    ...(shape === 'largest table' || shape === 'killed' ? {} : {index_jobs: '2'}),
    ...own,
    ...Object.fromEntries((values.load ?? []).map((one) => one.split('='))),
  };
}

/** What a shape has of data, in MB. */
function megabytesOf(shape: Shape): number {
  return shape === 'many units' ? (units * SMALL_UNIT_KB) / 1024 : megabytes;
}

/** Servers with the data of a shape and an empty target, for as long as `work` takes. */
async function withLab<Given>(shape: Shape, mb: number, work: (lab: Lab) => Promise<Given>): Promise<Given> {
  const seed = writeLoadSeed({megabytes: mb, tables, shape, keyed: source !== null});
  const lab = await startLab({
    seed,
    ...(source === null ? {} : {sourceBin: source, targetBin: '/usr/lib/postgresql/15/bin'}),
  });
  try {
    if (shape === 'many tables' || shape === 'many units') await raiseLocks(lab);
    await letInByTcp(lab);
    await lab.source.sql('DROP EXTENSION IF EXISTS pglogical CASCADE');
    await lab.target.sql('CREATE ROLE app_owner; GRANT app_owner TO longhaul WITH ADMIN OPTION', 'postgres');
    await lab.target.sql('CREATE DATABASE app_empty TEMPLATE app', 'postgres');
    return await work(lab);
  } finally {
    await lab.stop();
  }
}

/** A whole run, every row compared or counts with a console beside it; `runs` gets what it took. */
function longhaul(name: string, launcher: string, keys: Record<string, string>, runs: LonghaulRun[]): Contender {
  const compare = name === 'Longhaul' ? 'full' : 'quick';
  return {
    name,
    missing: null,
    run: async (lab) => {
      await configure(lab, keys, compare);
      const ran = await runLonghaul(lab, launcher, compare === 'quick');
      runs.push(ran);
      if (values.journals !== undefined)
        cpSync(join(lab.folder, 'run'), join(values.journals, `${name}-${keys['unit_size'] ?? ''}-${runs.length}`), {
          recursive: true,
        });
      return {seconds: ran.loadS, cpu: ran.cpuS, servers: ran.servers};
    },
  };
}

async function measure(shape: Shape, launcher: string): Promise<Figure[]> {
  const what = [
    ...(shape.startsWith('many') ? [`${tables} tables`] : []),
    ...(shape === 'many units' ? [`${units} units`] : []),
    ...(shape === 'many tables' ? [] : [`${megabytesOf(shape)} MB`]),
  ];
  const times = shape === 'many units' ? 1 : rounds;
  console.log(`${shape}, ${what.join(', ')}, ${times} rounds`);
  return withLab(shape, megabytesOf(shape), async (lab) => {
    const [full, quick]: [LonghaulRun[], LonghaulRun[]] = [[], []];
    const keys = loadKeys(shape, shape === 'many units' ? {unit_size: `${SMALL_UNIT_KB}kB`} : {});
    const ours = [
      longhaul('Longhaul', launcher, keys, full),
      // Its clock for the load is the same, but for the console.
      ...(shape === 'database' ? [longhaul('Longhaul, counts', launcher, keys, quick)] : []),
    ];
    const others = othersOf(shape).filter(({name}) => chosen === null || chosen.includes(name));
    const taken = await tryAll(lab, [...others, ...ours], times);
    return told(judge({shape, byKey: source !== null && shape === 'largest table'}, taken, {full, quick}));
  });
}

/** Longhaul alone, with the same database in several sizes. */
async function measureLinear(launcher: string): Promise<Figure[]> {
  const taken: number[] = [];
  for (const times of SIZES) {
    const mb = times * Number(values.mb ?? LINEAR_MB);
    console.log(`database, ${mb} MB, ${rounds} rounds`);
    const runs: LonghaulRun[] = [];
    await withLab('database', mb, async (lab) =>
      tryAll(lab, [longhaul('Longhaul', launcher, loadKeys('database'), runs)], rounds),
    );
    taken.push(median(runs.map(({loadS}) => loadS)));
  }
  const [first = Number.NaN] = taken;
  return told(
    SIZES.map((times, at) => ({
      name: `${times} times the size, times as long`,
      value: (taken[at] ?? Number.NaN) / first,
      goal: times === SIZES.at(-1) ? GOAL_LINEAR : null,
      unit: '',
      digits: 2,
    })),
  );
}

/** A table of ten units, in whose middle supervisor and lanes are killed. */
async function measureKilled(launcher: string): Promise<Figure[]> {
  console.log(`killed in the middle of ${KILLED_UNITS} units, ${megabytes} MB`);
  return withLab('largest table', megabytes, async (lab) => {
    const [[bytes = '0'] = []] = await lab.source.sql("SELECT pg_table_size('public.largest')");
    const unitBytes = Math.ceil(Number(bytes) / KILLED_UNITS / 1024);
    await configure(lab, loadKeys('killed', {unit_size: `${unitBytes}kB`}));
    const again = await loadedAgain(lab, launcher);
    mustBeEqual('Longhaul', await checksumDatabase(lab.replica), await checksumDatabase(lab.target));
    const name = `units loaded again by ${LANES} lanes, of ${KILLED_UNITS}`;
    return told([{name, value: again, goal: LANES, unit: '', digits: 0}]);
  });
}

/** In turn, so that what else the machine does is shared. */
async function tryAll(lab: Lab, contenders: readonly Contender[], times: number): Promise<Map<string, Counted[]>> {
  const wanted = await checksumDatabase(lab.replica);
  const taken = new Map<string, Counted[]>();
  for (const {name, missing} of contenders)
    if (missing === null) taken.set(name, []);
    else console.log(`  ${name}: not measured, ${missing}`);
  for (let round = 1; round <= times; round += 1)
    for (const {name, run} of contenders.filter((one) => taken.has(one.name))) {
      await empty(lab);
      const [beganMs, busy, servers] = [performance.now(), busySeconds(), serverCpu(lab)];
      const own = await run(lab);
      const counted = own ?? {
        seconds: (performance.now() - beganMs) / 1000,
        cpu: busySeconds() - busy,
        servers: new Map([...serverCpu(lab)].map(([server, after]) => [server, after - (servers.get(server) ?? 0)])),
      };
      taken.get(name)?.push(counted);
      mustBeEqual(name, wanted, await checksumDatabase(lab.target));
      console.log(`  round ${round}  ${name.padEnd(18)}${counted.seconds.toFixed(1).padStart(8)} s`);
    }
  return taken;
}

/** A benchmark of wrong data is none. */
function mustBeEqual(name: string, replica: readonly TableFingerprint[], target: readonly TableFingerprint[]): void {
  if (replica.length === 0) throw new Error('bug: nothing is compared');
  const [difference] = compareFingerprints(replica, target);
  if (difference !== undefined) throw new Error(`${name}: ${difference.table} ${difference.seen}`);
}

function told(figures: readonly Figure[]): Figure[] {
  for (const figure of figures) tellFigure(figure);
  return [...figures];
}

/** Every server may lock so many tables at once; the standby first, which must not have less than its primary. */
async function raiseLocks({source: primary, replica, target}: Lab): Promise<void> {
  for (const server of [target, primary]) await server.sql('ALTER SYSTEM SET max_locks_per_transaction = 4096');
  await target.restart();
  await replica.sql('ALTER SYSTEM SET max_locks_per_transaction = 4096');
  await replica.restart();
  await primary.restart();
}

/** The programs of a source of another release, from npm: `--source 13`. */
const source = values.source === undefined ? null : await serverBin(values.source);
const SHAPES = ['database', 'largest table', 'many tables', 'many units'] as const;
const usual = source === null ? [...SHAPES, 'killed' as const] : (['largest table'] as const);
const shapes = usual.filter((shape) => (values.shape ?? shape) === shape);
if (shapes.length === 0) throw new Error(`--shape is one of ${usual.join(', ')}`);
const launcher = build();
const all: Figure[] = [];
if (values.linear === true) all.push(...(await measureLinear(launcher)));
else
  for (const shape of shapes)
    all.push(...(shape === 'killed' ? await measureKilled(launcher) : await measure(shape, launcher)));
sumUp(`load of ${megabytes} MB`, all, formatDuration(performance.now()));

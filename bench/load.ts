// npm run bench:load [-- --full] [--mb N] [--tables N] [--rounds N] [--method M] [--shape S] [--source 13]: the ways to load a database, several rounds in
// turn, on servers of this machine: as the article writes it, pg_dump -Fd -j, pgcopydb (PGCOPYDB=), Longhaul, and the floor of what the servers give; the
// largest table alone, by its key where the source is before 14; many small tables. Every load is checked by checksum. Prints medians and ratios, each goal
// beside its figure; exit 1 where a goal is missed.
//
// Every contender's line has its seconds on a CPU, and of these each server's: a machine with other work to do changes them less than the clock. "all else" is the
// clients, and whatever the machine does besides. To find out where time goes: --against pgcopydb,floor leaves the others out, --load unit_size=10GB
// sets a key of `load` (as often as wanted), and --journals FOLDER keeps the run folders, whose journal says when each unit began and ended.
import {cpSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {formatDuration} from '../src/domain/base/units.ts';
import {compareFingerprints, fingerprintDatabase} from '../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../src/lab/lab.ts';
import {serverBin} from '../test/pairs/npm-servers.ts';
import {build} from './console/build.ts';
import {type Figure, sumUp, tellFigure} from './figures.ts';
import {othersOf, type Contender, type Counted} from './load/contenders.ts';
import {writeLoadSeed, type Shape} from './load/data.ts';
import {configure, runLonghaul} from './load/longhaul.ts';
import {busySeconds, serverCpu, SERVERS} from './server-cpu.ts';

const USUAL = {mb: 300, tables: 500, rounds: 2};
const FULL = {mb: 3700, tables: 10_000, rounds: 4};

/** At most so much of what another takes. */
const GOALS: Readonly<Record<Shape, readonly (readonly [other: string, ratio: number])[]>> = {
  database: [
    ['the written way', 0.5],
    ['pgcopydb', 0.9],
    ['floor', 1.05],
  ],
  'largest table': [
    ['pg_dump | psql', 0.5],
    ['two binary ranges', 1.1],
  ],
  'many tables': [['pgcopydb', 0.8]],
};
/** Cut by its key, where the source is before 14. */
const GOALS_BY_KEY: (typeof GOALS)['database'] = [['pg_dump | psql', 0.6]];
/** The whole run with every row compared, of pgcopydb's clone. */
const GOAL_WHOLE = 1.25;
/** Of the supervisor and the wrappers of its lanes. */
const GOAL_SUPERVISOR = 0.02;
const GOAL_MEMORY_MB = 200;

const {values} = parseArgs({
  options: {
    full: {type: 'boolean'},
    mb: {type: 'string'},
    tables: {type: 'string'},
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
const rounds = Number(values.rounds ?? scale.rounds);
if (!(megabytes > 0) || !(rounds >= 1)) throw new Error('npm run bench:load [-- --full] [--mb N] [--rounds N]');

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** A target as it was before the first load. */
async function empty({target}: Lab): Promise<void> {
  await target.sql('DROP DATABASE IF EXISTS app WITH (FORCE)', 'postgres');
  await target.sql('CREATE DATABASE app OWNER longhaul TEMPLATE app_empty', 'postgres');
  await target.sql('CHECKPOINT', 'postgres');
}

async function measure(shape: Shape, launcher: string): Promise<Figure[]> {
  console.log(`${shape}, ${shape === 'many tables' ? `${tables} tables` : `${megabytes} MB`}, ${rounds} rounds`);
  const seed = writeLoadSeed({megabytes, tables, shape, keyed: source !== null});
  const lab = await startLab({
    seed,
    ...(source === null ? {} : {sourceBin: source, targetBin: '/usr/lib/postgresql/15/bin'}),
  });
  try {
    if (shape === 'many tables') await raiseLocks(lab);
    await lab.source.sql('DROP EXTENSION IF EXISTS pglogical CASCADE');
    await lab.target.sql('CREATE ROLE app_owner; GRANT app_owner TO longhaul WITH ADMIN OPTION', 'postgres');
    await lab.target.sql('CREATE DATABASE app_empty TEMPLATE app', 'postgres');
    const whole: number[] = [];
    const supervisor: number[] = [];
    const memory: number[] = [];
    await configure(lab, {
      method: values.method ?? 'auto',
      lanes: '2',
      ...(shape === 'largest table' ? {} : {index_jobs: '2'}),
      ...Object.fromEntries((values.load ?? []).map((one) => one.split('='))),
    });
    const ours: Contender = {
      name: 'Longhaul',
      missing: null,
      run: async () => {
        const ran = await runLonghaul(lab, launcher);
        if (values.journals !== undefined)
          cpSync(join(lab.folder, 'run'), join(values.journals, `${shape}-${whole.length + 1}`), {recursive: true});
        whole.push(ran.wholeS);
        supervisor.push(ran.supervisorS / ran.wholeCpuS);
        memory.push(ran.supervisorMB);
        return {seconds: ran.loadS, cpu: ran.cpuS, servers: ran.servers};
      },
    };
    const others = othersOf(shape).filter(({name}) => chosen === null || chosen.includes(name));
    const taken = await tryAll(lab, [...others, ours]);
    return judge(shape, taken, {whole, supervisor, memory});
  } finally {
    await lab.stop();
  }
}

/** In turn, so that what else the machine does is shared. */
async function tryAll(lab: Lab, contenders: readonly Contender[]): Promise<Map<string, Counted[]>> {
  const wanted = await fingerprintDatabase(lab.replica);
  const taken = new Map<string, Counted[]>();
  for (const {name, missing} of contenders)
    if (missing === null) taken.set(name, []);
    else console.log(`  ${name}: not measured, ${missing}`);
  for (let round = 1; round <= rounds; round += 1)
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
      const [difference] = compareFingerprints(wanted, await fingerprintDatabase(lab.target));
      if (difference !== undefined) throw new Error(`${name}: ${difference.table} ${difference.seen}`);
      console.log(`  round ${round}  ${name.padEnd(18)}${counted.seconds.toFixed(1).padStart(8)} s`);
    }
  return taken;
}

/** Medians: `25.7 s      51.4 s on a CPU: source 8.1, replica 0.0, target 38.0, all else 5.3`; all else is clients, and whatever the machine does besides. */
function describe(all: readonly Counted[]): string {
  const cpu = median(all.map((one) => one.cpu));
  const each = SERVERS.map((server) => [server, median(all.map((one) => one.servers.get(server) ?? 0))] as const);
  const others = cpu - each.reduce((sum, [, one]) => sum + one, 0);
  const parts = [...each, ['all else', others] as const].map(([what, one]) => `${what} ${one.toFixed(1)}`);
  const seconds = median(all.map((one) => one.seconds));
  return `${seconds.toFixed(1).padStart(8)} s  ${cpu.toFixed(1).padStart(8)} s on a CPU: ${parts.join(', ')}`;
}

function judge(
  shape: Shape,
  taken: ReadonlyMap<string, readonly Counted[]>,
  {whole, supervisor, memory}: Readonly<Record<'whole' | 'supervisor' | 'memory', readonly number[]>>,
): Figure[] {
  for (const [name, all] of taken) console.log(`  ${name.padEnd(18)}${describe(all)}`);
  const ours = taken.get('Longhaul') ?? [];
  const against = (own: readonly number[], other: string): number | null => {
    const theirs = taken.get(other);
    return theirs === undefined ? null : median(own) / median(theirs.map(({seconds}) => seconds));
  };
  const ratio = {unit: '', digits: 3};
  const figures: Figure[] = (source !== null && shape === 'largest table' ? GOALS_BY_KEY : GOALS[shape]).map(
    ([other, goal]) => ({
      name: `Longhaul / ${other}`,
      value: against(
        ours.map(({seconds}) => seconds),
        other,
      ),
      goal,
      ...ratio,
    }),
  );
  if (shape === 'database') {
    figures.push(
      {name: 'the whole run / pgcopydb', value: against(whole, 'pgcopydb'), goal: GOAL_WHOLE, ...ratio},
      {name: "supervisor's and wrappers' share of the CPU", value: median(supervisor), goal: GOAL_SUPERVISOR, ...ratio},
    );
  }
  figures.push({
    name: 'memory of the supervisor',
    value: Math.max(...memory),
    goal: GOAL_MEMORY_MB,
    unit: 'MB',
    digits: 0,
  });
  for (const figure of figures) tellFigure(figure);
  return figures;
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
const SHAPES = ['database', 'largest table', 'many tables'] as const;
const wanted = SHAPES.filter((shape) => (values.shape ?? (source === null ? shape : 'largest table')) === shape);
if (wanted.length === 0) throw new Error(`--shape is one of ${SHAPES.join(', ')}`);
const launcher = build();
const all: Figure[] = [];
for (const shape of wanted) all.push(...(await measure(shape, launcher)));
sumUp(`load of ${megabytes} MB`, all, formatDuration(performance.now()));

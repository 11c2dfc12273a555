// npm run bench:probes: what an hour of probing costs the primary, with 50 slots, 20,000 tables and as many files of WAL as 212 GB have.
// It watches a real lab for a part of an hour, at the default interval, and prints each figure beside its goal; exit 1 where one does not hold.
import {steadyClock} from '../src/engine/waiting/clocks.ts';
import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import type {Config} from '../src/config/config.ts';
import {loadConfig} from '../src/config/load.ts';
import {formatDuration} from '../src/domain/base/units.ts';
import type {Reading} from '../src/domain/reading/reading.ts';
import {NEW_RUN} from '../src/domain/run/run-state.ts';
import {startLab, type Lab} from '../src/lab/lab.ts';
import {connect} from '../src/pg/session/connect.ts';
import type {WatchContext} from '../src/probes/watch/watch-context.ts';
import {watchServers} from '../src/probes/watch/watch.ts';
import {type Figure, sumUp, tellFigure} from './figures.ts';
import {cpuSecondsOf, watchSchema} from './schema-watch.ts';

const SLOTS = 50;
const TABLES = 20_000;
const WAL_FILES = 13_568;
const WATCH_S = Number(process.env['LONGHAUL_BENCH_SECONDS'] ?? 300);
const CLAIMED = Array.from({length: SLOTS}, (_, n) => `slot dms_slot_${String(n + 1).padStart(2, '0')}`);
const GOAL_CPU_S = 0.005 * 3600;
/** The probe of the schema, in percent of a core. */
const GOAL_SCHEMA = 0.15;
const GOAL_STATEMENT_MS = 250;
/** Its slices: while one is read, the source's other probes wait. */
const GOAL_TURN_MS = 250;
/** What is asked each minute: the catalogs' counters. Measured at 1.6 ms; twice that on a machine with others at work. */
const GOAL_COUNTERS_MS = 3.2;
/** At most so often are rows of catalogs read. */
const CATALOGS_EVERY_S = 600;
const GOAL_CONNECTIONS = 1;
const GOAL_LINE_MS = 100;

async function prepare(lab: Lab): Promise<void> {
  const {source} = lab;
  await source.sql("ALTER SYSTEM SET shared_preload_libraries = 'pglogical', 'pg_stat_statements'");
  await source.sql(`ALTER SYSTEM SET max_replication_slots = ${SLOTS + 5}`);
  await source.restart();
  await source.sql('CREATE EXTENSION pg_stat_statements');
  await source.sql(
    `SELECT count(*) FROM generate_series(1, ${SLOTS}) AS n, LATERAL pg_create_logical_replication_slot('dms_slot_' || lpad(n::text, 2, '0'), 'pglogical')`,
  );
  for (let from = 0; from < TABLES; from += 1000) {
    await source.sql(
      `DO $$ BEGIN FOR n IN ${from} .. ${from + 999} LOOP EXECUTE format('CREATE TABLE public.bench_%s (id int PRIMARY KEY)', n); END LOOP; END $$`,
    );
  }
  await source.sql('CHECKPOINT');
  // pg_ls_waldir() does one stat() for each file, whatever its size.
  for (let n = 0; n < WAL_FILES; n += 1) writeFileSync(join(source.dataDir, 'pg_wal', `bench_${n}`), '');
  await source.sql('SELECT pg_stat_statements_reset()');
}

async function probeBackends(lab: Lab): Promise<string[]> {
  const rows = await lab.source.sql("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'longhaul/%/probe'");
  return rows.flatMap(([pid]) => (pid === undefined ? [] : [pid]));
}

/** How long tmux waits for its line, launcher and all. */
function medianLineMs(lab: Lab): number {
  const launcher = join(import.meta.dirname, '../bin/longhaul');
  const times = Array.from({length: 21}, () => {
    const beganMs = performance.now();
    execFileSync(launcher, ['--config', lab.yamlPath, 'status', '--line']);
    return performance.now() - beganMs;
  });
  return times.toSorted((a, b) => a - b)[10] ?? 0;
}

/** Watches the lab as a supervisor would, the disk by the dearest way: sizes of all databases and of pg_wal. */
async function startProbes(
  lab: Lab,
  config: Config,
  told: (reading: Reading) => void,
): Promise<{stop: () => Promise<void>; schema: Awaited<ReturnType<typeof watchSchema>>}> {
  const open: WatchContext['open'] = async (role) =>
    connect(role, config.servers[role], {
      applicationName: `longhaul/${config.run}/probe`,
      statementTimeoutMs: 5000,
      lockTimeoutMs: 1000,
      readOnly: true,
    });
  const ending = new AbortController();
  const schema = await watchSchema(lab, config, open, ending.signal);
  const unwatch = watchServers(
    {
      run: config.run,
      intervalMs: config.probes.intervalMs,
      disks: {...config.disks, source: {command: null, volumeBytes: 1e13}},
      thresholds: config.alarms,
      alarmCommand: null,
      metricsFile: join(lab.folder, 'longhaul.prom'),
      readingsFile: join(lab.folder, 'readings.jsonl'),
      lineFile: join(config.runDirectory, 'line.json'),
      env: process.env,
      now: Date.now,
      wall: Date.now,
      steady: steadyClock,
      state: () => ({...NEW_RUN, run: config.run, claimed: CLAIMED}),
      record: async () => undefined,
      open,
      readPast: async () => null,
      applicationOf: (unit) => unit,
      readWork: () => null,
      readCapture: null,
      readDrift: schema.readDrift,
      readLanes: async () => [],
    },
    told,
  );
  const stop = async (): Promise<void> => {
    await unwatch();
    ending.abort();
  };
  return {stop, schema};
}

async function watch(lab: Lab): Promise<Figure[]> {
  const config = await loadConfig(lab.yamlPath, {});
  mkdirSync(config.runDirectory, {recursive: true});
  const counts = {readings: 0, failed: 0};
  const {stop, schema} = await startProbes(lab, config, (reading) => {
    counts.readings += 1;
    if (reading.probe !== 'failed') return;
    counts.failed += 1;
    console.error(`failed: ${reading.of}: ${reading.message}`);
  });
  const own = process.cpuUsage();
  const beganMs = Date.now();
  await wait(WATCH_S * 1000);
  const pids = await probeBackends(lab);
  const cpu = pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
  const ownCpu = process.cpuUsage(own);
  const perHour = 3_600_000 / (Date.now() - beganMs);
  const lineMs = medianLineMs(lab);
  await stop();
  const {calls, longestMs, query} = await readStatements(lab);
  const counters = await readCalls(lab, 'pg_stat_get_tuples_inserted');
  const horizons = await readCalls(lab, 'txid_snapshot_xmin');
  console.log(`watched for ${WATCH_S} s, ${counts.readings} readings; figures are extrapolated to an hour`);
  console.log(`largest statement: ${query.slice(0, 120)}`);
  return [
    {name: 'CPU time on the primary', value: cpu * perHour, goal: GOAL_CPU_S, unit: 's/h'},
    {name: 'share of one core', value: (cpu * perHour * 100) / 3600, goal: 0.5, unit: '%'},
    {
      name: 'schema.drift, share of one core',
      value: (schema.cpuSeconds() * perHour * 100) / 3600,
      goal: GOAL_SCHEMA,
      unit: '%',
    },
    {name: "schema.drift, the catalogs' counters", value: counters.meanMs, goal: GOAL_COUNTERS_MS, unit: 'ms'},
    {name: 'schema.drift, longest turn', value: schema.longestTurnMs(), goal: GOAL_TURN_MS, unit: 'ms'},
    {
      name: `schema.drift, times that catalogs were read in ${WATCH_S} s`,
      value: horizons.calls,
      goal: Math.ceil(WATCH_S / CATALOGS_EVERY_S),
      unit: '',
    },
    {name: 'largest statement', value: longestMs, goal: GOAL_STATEMENT_MS, unit: 'ms'},
    {name: 'connections to the primary', value: pids.length, goal: GOAL_CONNECTIONS, unit: ''},
    {name: 'status --line, median', value: lineMs, goal: GOAL_LINE_MS, unit: 'ms'},
    {name: 'probes that failed', value: counts.failed, goal: 0, unit: ''},
    {name: 'statements on the primary', value: calls * perHour, goal: null, unit: '/h'},
    {name: 'CPU time on the jump box', value: ((ownCpu.user + ownCpu.system) / 1e6) * perHour, goal: null, unit: 's/h'},
  ];
}

/** What the primary counted of our statements, and the longest of them. */
async function readStatements(lab: Lab): Promise<{calls: number; longestMs: number; query: string}> {
  const [[calls = '0', longest = '0', query = ''] = []] = await lab.source.sql(
    `SELECT (SELECT sum(calls) FROM pg_stat_statements JOIN pg_roles ON pg_roles.oid = userid WHERE rolname = 'longhaul'),
            max_exec_time, regexp_replace(query, '\\s+', ' ', 'g')
       FROM pg_stat_statements JOIN pg_roles ON pg_roles.oid = userid WHERE rolname = 'longhaul' ORDER BY max_exec_time DESC LIMIT 1`,
  );
  return {calls: Number(calls), longestMs: Number(longest), query};
}

/** How often a statement of ours was asked that has this in it, and how long it took. */
async function readCalls(lab: Lab, word: string): Promise<{calls: number; meanMs: number | null}> {
  const [[calls = '0', mean = ''] = []] = await lab.source.sql(
    `SELECT coalesce(sum(calls), 0), sum(total_exec_time) / sum(calls)
       FROM pg_stat_statements JOIN pg_roles ON pg_roles.oid = userid WHERE rolname = 'longhaul' AND query LIKE '%${word}%'`,
  );
  return {calls: Number(calls), meanMs: mean === '' ? null : Number(mean)};
}

const lab = await startLab({size: 'tiny', folder: mkdtempSync(join(tmpdir(), 'lh-bench-'))});
try {
  await prepare(lab);
  const figures = await watch(lab);
  for (const figure of figures) tellFigure({...figure, digits: 2});
  sumUp('probes', figures, formatDuration(performance.now()));
} finally {
  await lab.stop();
}

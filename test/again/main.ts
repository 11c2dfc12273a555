import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {seededRandom} from '../faults/random.ts';
import {startWriters} from '../handoffs/writers.ts';
import {serverBin} from '../pairs/npm-servers.ts';
import {eventually, journalOf, longhaul, mustEndWell, stateOf} from '../support/longhaul.ts';
import {MENDED, plant, QUIET_ROWS} from './planted.ts';

const USUAL_ROUNDS = 6;
/** Releases of source and target; null is this machine's own. */
const PAIRS = [
  [null, null],
  ['13', '15'],
  ['15', '18'],
] as const;
/** By their names: where all are compared, one without a key is left to the cutover (docs/decisions/0072). */
const TABLES = ['accounts', 'big', 'log', 'moves', 'whole'].map((name) => `public.${name}`);
/** Of one table a comparison names the first twenty. */
const PLANTED = 10;

interface Round {
  readonly planted: number;
  readonly missed: readonly string[];
  readonly falseAlarms: readonly string[];
  readonly tookMs: number;
}

/** `npm run again [-- --rounds N | --full] [--seed N]`: differences planted among writers, found by fence and by converging; kills meanwhile; exit 1 for one missed or false. */
async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {
      rounds: {type: 'string'},
      full: {type: 'boolean', default: false},
      seed: {type: 'string', default: String(Date.now() % 100_000)},
    },
  });
  const random = seededRandom(Number(values.seed));
  const rounds = Number(values.rounds ?? (values.full ? 40 : USUAL_ROUNDS));
  console.log(`seed ${values.seed}, ${rounds} rounds on each pair of releases`);
  const all: Round[] = [];
  const left: string[] = [];
  for (const [source, target] of PAIRS) {
    console.log(`${source ?? 'this machine’s own'} to ${target ?? 'the same'}:`);
    const bins = source === null ? {} : {sourceBin: await serverBin(source), targetBin: await serverBin(target)};
    const {told, problems} = await onLab(bins, rounds, random);
    all.push(...told);
    left.push(...problems);
  }
  const sum = (of: (one: Round) => number): number => all.reduce((total, one) => total + of(one), 0);
  for (const problem of left) console.log(problem);
  console.log(
    `${all.length} comparisons among writers: ${sum((one) => one.planted)} differences planted, ${sum((one) => one.missed.length)} missed, ${sum((one) => one.falseAlarms.length)} false alarms; ${left.length} left behind`,
  );
  process.exitCode = sum((one) => one.missed.length + one.falseAlarms.length) + left.length > 0 ? 1 : 0;
}

async function onLab(
  bins: {readonly sourceBin?: string; readonly targetBin?: string},
  rounds: number,
  random: () => number,
): Promise<{told: Round[]; problems: string[]}> {
  const lab = await startLab({...bins, engine: 'native', seed: join(import.meta.dirname, '../handoffs/seed.sql')});
  const told: Round[] = [];
  const problems: string[] = [];
  try {
    const yaml = await readFile(lab.yamlPath, 'utf8');
    await writeFile(lab.yamlPath, yaml.replace(/caught_up_for: .*/, 'caught_up_for: 1s'));
    await lab.source.sql(QUIET_ROWS);
    const writers = await startWriters(lab);
    await mustEndWell(lab, 'run', '--plain');
    for (let round = 1; round <= rounds; round += 1) {
      for (const words of [[], ['--converging']]) {
        const one = await compareOnce(lab, words, plant(PLANTED, random));
        told.push(one);
        const wrong = [
          ...one.missed.map((what) => `MISSED ${what}`),
          ...one.falseAlarms.map((what) => `FALSE ${what}`),
        ];
        console.log(
          `${round}${words.join('')}: ${one.planted} planted, ${(one.tookMs / 1000).toFixed(1)} s; ${wrong.length === 0 ? 'all found, none else' : wrong.join('; ')}`,
        );
      }
    }
    problems.push(...(await killed(lab, random)));
    await writers.stop();
    console.log(heldTimes(await journalOf(lab)));
  } finally {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  }
  return {told, problems};
}

interface Json {
  readonly compared: readonly {
    readonly table: {readonly schema: string; readonly name: string};
    readonly undecided: number;
    readonly rows: {
      readonly total: number;
      readonly first: readonly {readonly kind: string; readonly key: readonly {readonly value: string | null}[]}[];
    } | null;
  }[];
}

async function compareOnce(lab: Lab, words: readonly string[], planted: ReturnType<typeof plant>): Promise<Round> {
  await onTarget(lab, planted.map(({sql}) => sql).join('; '));
  const began = performance.now();
  const {code, stdout, stderr} = await longhaul(lab, 'compare', '--again', ...TABLES, '--json', ...words);
  const tookMs = performance.now() - began;
  if (stdout === '') throw new Error(`compare --again ended with ${code}: ${stderr}`);
  const {compared}: Json = JSON.parse(stdout);
  const found = compared.flatMap(({table, rows}) =>
    (rows?.first ?? []).map(({kind, key}) => `${table.schema}.${table.name} ${kind} ${key[0]?.value ?? ''}`),
  );
  const wanted = planted.flatMap(({named}) => named);
  await onTarget(lab, MENDED);
  return {
    planted: wanted.length,
    missed: wanted.filter((one) => !found.includes(one)),
    falseAlarms: found.filter((one) => !wanted.includes(one)),
    tookMs,
  };
}

/** As somebody who writes to the target, whatever it is set to. */
async function onTarget(lab: Lab, statements: string): Promise<void> {
  await lab.target.sql(`SET default_transaction_read_only = off; ${statements}`);
}

/** Kills of the supervisor at any moment of a fence, after which the next one, abort or release has to let go. */
async function killed(lab: Lab, random: () => number): Promise<string[]> {
  const problems: string[] = [];
  const ways = [
    ['run', '--detach'],
    ['run', '--detach'],
    ['abort', '--yes', 'rehearsal'],
  ] as const;
  for (const way of ways) {
    const comparing = longhaul(lab, 'compare', '--again');
    const pid = await eventually('the fence', async () => {
      const {fence, supervisor} = await stateOf(lab);
      return fence === null ? null : (supervisor?.pid ?? null);
    });
    await new Promise((go) => setTimeout(go, Math.floor(random() * 1500)));
    process.kill(pid, 'SIGKILL');
    await comparing;
    await mustEndWell(lab, ...way);
    await eventually('what was held to go on', async () => ((await stateOf(lab)).fence === null ? true : null));
    const left = [
      ...(await lab.target.sql("SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgname = 'longhaul_hold'")),
      ...(await lab.target.sql("SELECT 'disabled ' || subname FROM pg_subscription WHERE NOT subenabled")),
      ...(await lab.target.sql("SELECT 'function ' || proname FROM pg_proc WHERE proname = 'longhaul_hold'")),
      ...(await lab.replica.sql('SELECT 1 WHERE pg_is_wal_replay_paused()')),
    ];
    console.log(`killed while held, then longhaul ${way[0]}: ${left.length === 0 ? 'nothing left' : left.join('; ')}`);
    problems.push(...left.map((one) => `${way[0]}: ${one.join()}`));
  }
  return problems;
}

/** For how long apply and replay were held. */
function heldTimes(journal: Awaited<ReturnType<typeof journalOf>>): string {
  let raised = 0;
  const times = journal.flatMap((entry) => {
    if (entry.type === 'fence.raised') raised = Date.parse(entry.at);
    return entry.type === 'fence.lowered' ? [Date.parse(entry.at) - raised] : [];
  });
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string => ((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) / 1000).toFixed(1);
  return `held ${times.length} times, ${at(0)} to ${at(1)} s, in the middle ${at(0.5)} s`;
}

await main();

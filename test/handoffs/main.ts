import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import type {StepId} from '../../src/domain/run/step-id.ts';
import {findServerBin} from '../../src/lab/cluster/server-programs.ts';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {seededRandom} from '../faults/random.ts';
import {findOldServer} from '../pairs/old-server.ts';
import {serverBin} from '../pairs/npm-servers.ts';
import {longhaul} from '../support/longhaul.ts';
import {handOff, type HandedOff} from './round.ts';

/** So many end within twelve minutes on two cores; `--full` is a hundred. */
const USUAL_COUNT = 30;
/** Of the rounds, so many have their supervisor killed in start-cdc. */
const SHARE_OF_KILLS = 0.4;
/** An engine that starts change capture by itself. */
type Engine = 'native' | 'pglogical' | 'dms';
/** Releases beside this machine's own, of source and target; pglogical is where this machine or LONGHAUL_PG96 has it. */
const PAIRS: Readonly<Record<Engine, readonly (readonly [string, string])[]>> = {
  native: [
    ['13', '15'],
    ['15', '18'],
  ],
  pglogical: [['9.6', '15']],
  dms: [['9.6', '15']],
};
const ROUNDS_OF_A_PAIR: Readonly<Record<Engine, number>> = {native: 2, pglogical: 10, dms: 2};
/** Where in the run a supervisor is killed. */
const KILLED_IN: Readonly<Record<Engine, readonly StepId[]>> = {
  native: ['start-cdc'],
  pglogical: ['prepare-cdc', 'start-cdc'],
  dms: ['prepare-cdc', 'start-cdc'],
};

/** `npm run handoffs [-- --engine native] [--count N | --full] [--seed N] [--no-pairs]`: P at random among writers; exit 1 where a row is lost or doubled. */
async function main(): Promise<void> {
  const {values} = parseArgs({
    allowNegative: true,
    options: {
      engine: {type: 'string', default: 'native'},
      count: {type: 'string'},
      full: {type: 'boolean', default: false},
      pairs: {type: 'boolean', default: true},
      seed: {type: 'string', default: String(Date.now() % 100_000)},
    },
  });
  const {engine} = values;
  if (engine !== 'native' && engine !== 'pglogical' && engine !== 'dms')
    throw new Error(`--engine ${engine}: native, pglogical and dms start change capture by themselves`);
  const random = seededRandom(Number(values.seed));
  const count = Number(values.count ?? (values.full ? 100 : USUAL_COUNT));
  console.log(`seed ${values.seed}, ${count} hand-offs with ${engine}`);
  const told = await onLab({engine}, count, random);
  for (const [source, target] of values.pairs ? PAIRS[engine] : []) {
    if (source === '9.6' && findOldServer() === null) {
      console.log('9.6 is left out: LONGHAUL_PG96 names no server with pglogical');
      continue;
    }
    console.log(`${source} to ${target}:`);
    const bins = {sourceBin: await binOf(engine, source), targetBin: await binOf(engine, target)};
    told.push(...(await onLab({engine, ...bins}, Math.min(count, ROUNDS_OF_A_PAIR[engine]), random)));
  }
  const sum = (of: (one: HandedOff) => number): number => told.reduce((total, one) => total + of(one), 0);
  const kills = told.filter(({killedAfterMs}) => killedAfterMs !== null).length;
  const unequal = told.filter(({problems}) => problems.length > 0).length;
  console.log(
    `${told.length} hand-offs with ${engine} (${kills} with the supervisor killed in ${KILLED_IN[engine].join(' or ')}): ${sum((one) => one.lost)} rows lost, ${sum((one) => one.doubled)} rows doubled, ${unequal} unequal`,
  );
  process.exitCode = unequal > 0 ? 1 : 0;
}

/** A server with pglogical is this machine's own, or the 9.6 that the environment names. */
async function binOf(engine: Engine, version: string): Promise<string> {
  if (engine === 'native') return serverBin(version);
  return version === '9.6' ? (findOldServer() ?? '') : findServerBin();
}

async function onLab(
  options: {readonly engine: Engine; readonly sourceBin?: string; readonly targetBin?: string},
  count: number,
  random: () => number,
): Promise<HandedOff[]> {
  const lab = await startLab({...options, seed: join(import.meta.dirname, 'seed.sql')});
  const told: HandedOff[] = [];
  try {
    await beQuick(lab);
    for (let round = 1; round <= count; round += 1) {
      const killAfterMs = random() < SHARE_OF_KILLS ? Math.floor(random() * 400) : null;
      const steps = KILLED_IN[options.engine];
      const killIn = steps[Math.floor(random() * steps.length)] ?? 'start-cdc';
      const one = await handOff(lab, {pauseMs: Math.floor(random() * 500), killAfterMs, killIn});
      told.push(one);
      const kill = killAfterMs === null ? '' : `, killed after ${killAfterMs} ms of ${killIn}`;
      console.log(
        `${round}: P ${one.boundary}${kill}; ${one.problems.length === 0 ? 'equal' : one.problems.join('; ')}`,
      );
    }
  } finally {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  }
  return told;
}

async function beQuick(lab: Lab): Promise<void> {
  const yaml = await readFile(lab.yamlPath, 'utf8');
  await writeFile(lab.yamlPath, yaml.replace(/caught_up_for: .*/, 'caught_up_for: 1s').replace('count: 3', 'count: 2'));
}

await main();

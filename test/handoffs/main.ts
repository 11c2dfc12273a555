import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {seededRandom} from '../faults/random.ts';
import {serverBin} from '../pairs/npm-servers.ts';
import {longhaul} from '../support/longhaul.ts';
import {handOff, type HandedOff} from './round.ts';

/** So many end within twelve minutes on two cores; `--full` is a hundred. */
const USUAL_COUNT = 30;
/** Of the rounds, so many have their supervisor killed in start-cdc. */
const SHARE_OF_KILLS = 0.4;
/** Releases beside this machine's own, of source and target, and how many rounds each has. */
const PAIRS = [
  ['13', '15'],
  ['15', '18'],
] as const;
const ROUNDS_OF_A_PAIR = 2;

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
  if (values.engine !== 'native')
    throw new Error(`--engine ${values.engine}: only native starts change capture by itself`);
  const random = seededRandom(Number(values.seed));
  const count = Number(values.count ?? (values.full ? 100 : USUAL_COUNT));
  console.log(`seed ${values.seed}, ${count} hand-offs with ${values.engine}`);
  const told = await onLab({}, count, random);
  for (const [source, target] of values.pairs ? PAIRS : []) {
    console.log(`${source} to ${target}:`);
    const bins = {sourceBin: await serverBin(source), targetBin: await serverBin(target)};
    told.push(...(await onLab(bins, Math.min(count, ROUNDS_OF_A_PAIR), random)));
  }
  const sum = (of: (one: HandedOff) => number): number => told.reduce((total, one) => total + of(one), 0);
  const kills = told.filter(({killedAfterMs}) => killedAfterMs !== null).length;
  const unequal = told.filter(({problems}) => problems.length > 0).length;
  console.log(
    `${told.length} hand-offs with ${values.engine} (${kills} with the supervisor killed in start-cdc): ${sum((one) => one.lost)} rows lost, ${sum((one) => one.doubled)} rows doubled, ${unequal} unequal`,
  );
  process.exitCode = unequal > 0 ? 1 : 0;
}

async function onLab(
  bins: {readonly sourceBin?: string; readonly targetBin?: string},
  count: number,
  random: () => number,
): Promise<HandedOff[]> {
  const lab = await startLab({...bins, engine: 'native', seed: join(import.meta.dirname, 'seed.sql')});
  const told: HandedOff[] = [];
  try {
    await beQuick(lab);
    for (let round = 1; round <= count; round += 1) {
      const killAfterMs = random() < SHARE_OF_KILLS ? Math.floor(random() * 400) : null;
      const one = await handOff(lab, {pauseMs: Math.floor(random() * 500), killAfterMs});
      told.push(one);
      const kill = killAfterMs === null ? '' : `, killed after ${killAfterMs} ms`;
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

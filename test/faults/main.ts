import {parseArgs} from 'node:util';
import {startLab} from '../../src/lab/lab.ts';
import {startWriteLoad} from '../../src/lab/write-load.ts';
import {longhaul} from '../support/longhaul.ts';
import {FAULTS} from './faults.ts';
import {seededRandom} from './random.ts';
import {prepare, tellStory, type Told} from './story.ts';

/** `npm run faults -- --count 200 --seed N`: real servers, real kills at random moments; exit 1 where a row is lost or doubled. */
async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {
      count: {type: 'string', default: '200'},
      seed: {type: 'string', default: String(Date.now() % 100_000)},
      size: {type: 'string', default: 'small'},
    },
  });
  const random = seededRandom(Number(values.seed));
  console.log(`seed ${values.seed}, ${values.count} faults`);
  const lab = await startLab({size: values.size === 'small' ? 'small' : Number(values.size)});
  const told: Told[] = [];
  try {
    await startWriteLoad(lab, 20);
    await prepare(lab);
    const names = Object.keys(FAULTS);
    for (let index = 0; index < Number(values.count); index += 1) {
      const fault = names[Math.floor(random() * names.length)] ?? '';
      const one = await tellStory(lab, {fault, delayMs: Math.floor(random() * 700), random});
      told.push(one);
      console.log(
        `${index + 1}: ${one.fault} after ${one.delayMs} ms, ${one.hit ? 'hit' : 'too late'}, ${one.runs} runs; ${one.problems.length === 0 ? 'equal' : one.problems.join('; ')}`,
      );
    }
  } finally {
    await longhaul(lab, 'shutdown', '--lanes');
    await lab.stop();
  }
  const sum = (of: (one: Told) => number): number => told.reduce((total, one) => total + of(one), 0);
  console.log(
    `${told.length} faults injected (${told.filter((one) => one.hit).length} hit a running load), ${sum((one) => one.lost)} rows lost, ${sum((one) => one.doubled)} rows doubled`,
  );
  process.exitCode = told.some((one) => one.problems.length > 0) ? 1 : 0;
}

await main();

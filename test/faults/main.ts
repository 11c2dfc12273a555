import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {startLab} from '../../src/lab/lab.ts';
import {startWriteLoad} from '../../src/lab/write-load.ts';
import {loadBy} from '../support/hold.ts';
import {longhaul} from '../support/longhaul.ts';
import {makeSmallVolume, moveWalOff} from '../support/small-volume.ts';
import {mayMount} from '../probes/watched/wal-volume.ts';
import {cdcFaults} from './cdc/main.ts';
import {CUTOVER_ENGINES, tellCutovers, type CutoversTold} from './cutover/main.ts';
import {FAULTS, fullDiskOn, type NamedFault} from './faults.ts';
import {seededRandom} from './random.ts';
import {prepare, tellStory, type Told} from './story.ts';

/** The small lab's target takes a fifth of it, twice that while tables are loaded again. */
const VOLUME_MB = 400;
/** Of the stories, so many have a second fault on top of the first. */
const SHARE_OF_PAIRS = 0.3;

/** In their order: without `--method` they share the faults among them. */
const METHODS = ['pg_dump', 'copy', 'binary'];

/** So many end within twelve minutes on two cores; `--full` is 200. */
const USUAL_COUNT = 60;
const CUTOVERS = 50;

/** `npm run faults [-- --count N | --full] [--seed N] [--method pg_dump|copy|binary] [--phase load|cdc|cutover [--engine native|pglogical] [--only WORDS] [--kinds FROM-TO]]`: real servers, real kills at random moments; exit 1 where a row is lost or doubled. */
async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {
      count: {type: 'string'},
      full: {type: 'boolean', default: false},
      seed: {type: 'string', default: String(Date.now() % 100_000)},
      size: {type: 'string', default: 'small'},
      method: {type: 'string', default: 'all'},
      phase: {type: 'string', default: 'load'},
      engine: {type: 'string', default: 'all'},
      only: {type: 'string', default: ''},
      kinds: {type: 'string', default: ''},
    },
  });
  if (values.phase === 'cdc') {
    await cdcFaults({...values, count: values.count ?? (values.full ? '200' : null)});
    return;
  }
  if (values.phase === 'cutover') {
    await cutoverFaults({...values, count: Number(values.count ?? (values.full ? 200 : CUTOVERS))});
    return;
  }
  const random = seededRandom(Number(values.seed));
  const count = Number(values.count ?? (values.full ? 200 : USUAL_COUNT));
  const methods = values.method === 'all' ? METHODS : [values.method];
  console.log(`seed ${values.seed}, ${count} faults, by ${methods.join(', ')}`);
  const told: Told[] = [];
  for (const [at, method] of methods.entries()) {
    const share = Math.floor(((at + 1) * count) / methods.length) - Math.floor((at * count) / methods.length);
    told.push(...(await tellAll({method, count: share, random, size: values.size})));
  }
  const sum = (of: (one: Told) => number): number => told.reduce((total, one) => total + of(one), 0);
  console.log(
    `${sum((one) => one.faults.length)} faults injected in ${told.length} stories (${sum((one) => one.hits)} hit a running load), ${sum((one) => one.lost)} rows lost, ${sum((one) => one.doubled)} rows doubled`,
  );
  process.exitCode = told.some((one) => one.problems.length > 0) ? 1 : 0;
}

interface Cutovers {
  readonly count: number;
  readonly seed: string;
  readonly engine: string;
  readonly only: string;
  readonly kinds: string;
}

/** With both engines, each has its share of them. */
async function cutoverFaults({count, seed, engine, only, kinds}: Cutovers): Promise<void> {
  const random = seededRandom(Number(seed));
  const engines = CUTOVER_ENGINES.filter((one) => engine === 'all' || engine === one);
  console.log(`seed ${seed}, ${count} cutovers and ways back, each with a fault, ${engines.join(', then ')}`);
  const all: CutoversTold[] = [];
  for (const [at, one] of engines.entries()) {
    const share = Math.floor(((at + 1) * count) / engines.length) - Math.floor((at * count) / engines.length);
    all.push(await tellCutovers({engine: one, count: share, random, only, kinds}));
  }
  const sum = (of: (one: CutoversTold) => number): number => all.reduce((total, one) => total + of(one), 0);
  const [handedOver, goneBack, wrong] = [
    sum((one) => one.handedOver),
    sum((one) => one.goneBack),
    sum((one) => one.wrong),
  ];
  console.log(
    `${handedOver + goneBack} cutovers and ways back with faults: ${handedOver} handed over, ${goneBack} taken back, ${sum((one) => one.lost)} rows lost, ${sum((one) => one.doubled)} rows doubled, ${wrong} of them not as they have to be`,
  );
  // Where hardly any hands over, nothing was tried.
  process.exitCode = wrong > 0 || handedOver * 4 < goneBack ? 1 : 0;
}

interface Telling {
  readonly method: string;
  readonly count: number;
  readonly random: () => number;
  readonly size: string;
}

/** So many faults in the load by one method, in a lab of its own. */
async function tellAll({method, count, random, size}: Telling): Promise<Told[]> {
  const volume = mayMount() ? await makeSmallVolume(VOLUME_MB) : null;
  if (volume === null) console.log('no fault of a full disk: mounting a small file system wants root');
  const targetDataDir = volume === null ? undefined : join(volume.path, 'target');
  const lab = await startLab({
    size: size === 'small' ? 'small' : Number(size),
    ...(targetDataDir === undefined ? {} : {targetDataDir}),
  });
  const faults: NamedFault[] = Object.entries(FAULTS);
  if (volume !== null) faults.push(['full disk on the target', fullDiskOn(volume)]);
  const told: Told[] = [];
  try {
    if (targetDataDir !== undefined) await moveWalOff(lab, targetDataDir);
    await startWriteLoad(lab, 20);
    await loadBy(lab, method);
    await prepare(lab);
    const pick = (): NamedFault[] => faults.slice(Math.floor(random() * faults.length)).slice(0, 1);
    let left = count;
    while (left > 0) {
      const chosen = [...pick(), ...(left > 1 && random() < SHARE_OF_PAIRS ? pick() : [])];
      const one = await tellStory(lab, {faults: chosen, withinMs: 700, random});
      told.push(one);
      left -= chosen.length;
      console.log(`${method} ${told.length}: ${describeStory(one)}`);
    }
  } finally {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
    await volume?.remove();
  }
  return told;
}

function describeStory(one: Told): string {
  const end = one.problems.length === 0 ? 'equal' : one.problems.join('; ');
  return `${one.faults.join(', then ')}; ${one.hits} hit, ${one.runs} runs; ${end}`;
}

await main();

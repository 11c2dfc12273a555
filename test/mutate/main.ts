import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {seededRandom} from '../faults/random.ts';
import {MUTATIONS} from './list.ts';
import {mutate, nameOf, problemsOf, type Mutation} from './mutation.ts';
import {endRunning, needsServers, runTests} from './run-tests.ts';
import {makeScratch, removeScratches} from './scratch.ts';

const ROOT = join(import.meta.dirname, '../..');
/** More of them may not go unnoticed. */
const MOST_SURVIVORS = 0.05;
const USAGE =
  'npm run mutate -- [--full] [--only WORD] [--seed N] [--minutes 12] [--list]: takes guards out one by one, and a test must fail each time';

/** How dear it is to try a mutation: without servers, in a shared lab, or with whole runs. */
function costOf({tests}: Mutation): 0 | 1 | 2 {
  if (!tests.some(needsServers)) return 0;
  return tests.every((test) => !needsServers(test) || /\/guards[^/]*$/.test(test)) ? 1 : 2;
}

/** The cheap ones first; among those that are alike, in an order that the seed gives, so that every night tries others of the dear ones. */
function inOrder(list: readonly Mutation[], seed: number): Mutation[] {
  const random = seededRandom(seed);
  return list
    .map((mutation) => ({mutation, at: costOf(mutation) + random()}))
    .toSorted((a, b) => a.at - b.at)
    .map(({mutation}) => mutation);
}

interface Result {
  readonly mutation: Mutation;
  readonly end: 'noticed' | 'survived' | 'its tests fail';
}

interface Working {
  readonly untilMs: number;
  readonly tell: (result: Result) => void;
  /** Which tests pass where nothing is taken out. */
  readonly passes: Set<string>;
}

/** Tries what it takes from the queue in a copy of its own, until nothing is left or the time is up. */
async function work(queue: Mutation[], {untilMs, tell, passes}: Working): Promise<void> {
  const copy = makeScratch(ROOT);
  for (let mutation = queue.shift(); mutation !== undefined; mutation = queue.shift()) {
    if (Date.now() > untilMs) {
      queue.unshift(mutation);
      return;
    }
    const failing = await failsUnmutated(copy, mutation.tests, passes);
    if (failing !== null) {
      tell({mutation, end: 'its tests fail'});
      console.log(failing);
      continue;
    }
    const path = join(copy, mutation.file);
    const whole = readFileSync(path, 'utf8');
    const made = mutate(mutation, whole);
    if ('wrong' in made) throw new Error(`bug: ${made.wrong}`);
    writeFileSync(path, made.text);
    const {passed} = await runTests(copy, mutation.tests);
    writeFileSync(path, whole);
    tell({mutation, end: passed ? 'survived' : 'noticed'});
  }
}

/** A test that fails by itself would notice everything, and says nothing. Gives what vitest said of it; null where all pass. */
async function failsUnmutated(copy: string, tests: readonly string[], passes: Set<string>): Promise<string | null> {
  const unknown = tests.filter((test) => !passes.has(test));
  if (unknown.length === 0) return null;
  let tried = await runTests(copy, unknown, {all: true});
  // Once more: the machine may be busy with something else.
  if (!tried.passed) tried = await runTests(copy, unknown, {all: true});
  if (!tried.passed) return tried.output;
  for (const test of unknown) passes.add(test);
  return null;
}

async function main(): Promise<number> {
  const {values} = parseArgs({
    options: {
      full: {type: 'boolean', default: false},
      only: {type: 'string', default: ''},
      seed: {type: 'string', default: String(Date.now() % 100_000)},
      minutes: {type: 'string', default: '12'},
      list: {type: 'boolean', default: false},
      help: {type: 'boolean', default: false},
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const wanted = MUTATIONS.filter((mutation) => nameOf(mutation).includes(values.only));
  const wrong = problemsOf(ROOT, wanted);
  for (const problem of wrong) console.log(`WRONG    ${problem}`);
  if (values.list) {
    console.log(`${wanted.length} mutations, ${wrong.length} of them not true any more`);
    return wrong.length === 0 ? 0 : 1;
  }
  const sound = wanted.filter((mutation) => problemsOf(ROOT, [mutation]).length === 0);
  const untilMs = values.full ? Infinity : Date.now() + Number(values.minutes) * 60_000;
  return tryAll(inOrder(sound, Number(values.seed)), {
    untilMs,
    wrong: wrong.length,
    seed: values.seed,
  });
}

interface Trying {
  readonly untilMs: number;
  readonly wrong: number;
  readonly seed: string;
}

async function tryAll(queue: Mutation[], {untilMs, wrong, seed}: Trying): Promise<number> {
  const total = queue.length;
  const results: Result[] = [];
  const tell = (result: Result): void => {
    results.push(result);
    const word = {noticed: 'noticed ', survived: 'SURVIVED', 'its tests fail': 'UNTRIED '}[result.end];
    console.log(`${word} ${results.length}/${total} ${nameOf(result.mutation)}`);
  };
  const passes = new Set<string>();
  // Two, for two cores; each test file is first run as it is by the one who comes to it first.
  await Promise.all([1, 2].map(async () => work(queue, {untilMs, tell, passes})));
  return sumUp(results, {wrong, seed, left: queue.length});
}

function sumUp(results: readonly Result[], {wrong, seed, left}: {wrong: number; seed: string; left: number}): number {
  const endedBy = (end: Result['end']) => results.filter((one) => one.end === end).map(({mutation}) => mutation);
  const [survivors, failing] = [endedBy('survived'), endedBy('its tests fail')];
  if (survivors.length > 0) console.log('\nWhat no test notices:');
  for (const one of survivors) console.log(`  ${nameOf(one)} (${one.survives ?? 'WITHOUT A WORD WHY'})`);
  for (const one of endedBy('noticed'))
    if (one.survives !== null) console.log(`  ${nameOf(one)}: is noticed now, take its excuse away`);
  const tried = results.length - failing.length;
  const share = tried === 0 ? 0 : survivors.length / tried;
  const words = [
    `${tried} mutations, ${survivors.length} not noticed (${(share * 100).toFixed(1)} %)`,
    ...(left === 0 ? [] : [`${left} not tried in the time (--full tries all)`]),
    ...(failing.length === 0 ? [] : [`${failing.length} whose TESTS FAIL without any`]),
    ...(wrong === 0 ? [] : [`${wrong} NOT TRUE any more`]),
  ];
  console.log(`seed ${seed}: ${words.join(', ')}`);
  const excused = survivors.every(({survives}) => survives !== null);
  return wrong + failing.length === 0 && excused && share <= MOST_SURVIVORS ? 0 : 1;
}

// Nothing is left behind by a ^C either: copies, and tests that run in them.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.once('exit', () => {
  endRunning();
  removeScratches();
});
process.exitCode = await main();

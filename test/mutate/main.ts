import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {seededRandom} from '../faults/random.ts';
import {MUTATIONS} from './list.ts';
import {mutate, nameOf, problemsOf, type Mutation} from './mutation.ts';
import {needsServers, runTests} from './run-tests.ts';
import {makeScratch, removeScratch} from './scratch.ts';

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
  readonly survived: boolean;
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
  try {
    for (let mutation = queue.shift(); mutation !== undefined; mutation = queue.shift()) {
      if (Date.now() > untilMs) {
        queue.unshift(mutation);
        return;
      }
      await mustPass(copy, mutation.tests, passes);
      const path = join(copy, mutation.file);
      const whole = readFileSync(path, 'utf8');
      const made = mutate(mutation, whole);
      if ('wrong' in made) throw new Error(`bug: ${made.wrong}`);
      writeFileSync(path, made.text);
      const {passed} = await runTests(copy, mutation.tests);
      writeFileSync(path, whole);
      tell({mutation, survived: passed});
    }
  } finally {
    removeScratch(copy);
  }
}

/** A test that fails by itself would notice everything, and says nothing. Throws with what vitest said. */
async function mustPass(copy: string, tests: readonly string[], passes: Set<string>): Promise<void> {
  const unknown = tests.filter((test) => !passes.has(test));
  if (unknown.length === 0) return;
  const {passed, output} = await runTests(copy, unknown, {all: true});
  if (!passed) throw new Error(`these tests fail without any mutation:\n${output}`);
  for (const test of unknown) passes.add(test);
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
    console.log(`${result.survived ? 'SURVIVED' : 'noticed '} ${results.length}/${total} ${nameOf(result.mutation)}`);
  };
  const passes = new Set<string>();
  // Two, for two cores; each test file is first run as it is by the one who comes to it first.
  await Promise.all([1, 2].map(async () => work(queue, {untilMs, tell, passes})));
  return sumUp(results, {wrong, seed, left: queue.length});
}

function sumUp(results: readonly Result[], {wrong, seed, left}: {wrong: number; seed: string; left: number}): number {
  const survivors = results.filter(({survived}) => survived).map(({mutation}) => mutation);
  if (survivors.length > 0) console.log('\nWhat no test notices:');
  for (const one of survivors) console.log(`  ${nameOf(one)} (${one.survives ?? 'WITHOUT A WORD WHY'})`);
  for (const {mutation, survived} of results)
    if (!survived && mutation.survives !== null)
      console.log(`  ${nameOf(mutation)}: is noticed now, take its excuse away`);
  const share = results.length === 0 ? 0 : survivors.length / results.length;
  const untried = left === 0 ? '' : `, ${left} not tried in the time (--full tries all)`;
  const untrue = wrong === 0 ? '' : `, ${wrong} NOT TRUE any more`;
  console.log(
    `seed ${seed}: ${results.length} mutations, ${survivors.length} not noticed (${(share * 100).toFixed(1)} %)${untried}${untrue}`,
  );
  const unexcused = survivors.some(({survives}) => survives === null);
  return wrong > 0 || unexcused || share > MOST_SURVIVORS ? 1 : 0;
}

process.exitCode = await main();

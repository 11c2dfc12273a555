import {expect, test} from 'vitest';
import {describeComparison} from '../../../src/domain/run/row-difference.ts';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import {scanRateOf, type ConfiguredRates, type RunState} from '../../../src/domain/run/run-state.ts';
import {whyUncounted} from '../../../src/engine/compare/compare-rows.ts';
import {createPace, type Pace, type Waiting} from '../../../src/engine/compare/scans/pace.ts';

const untold: Waiting = {tell: () => undefined, mustStillDo: () => undefined};

/** A pace by a clock of its own, on which only who waits makes time go on. */
interface Paced {
  readonly pace: Pace;
  readonly nowMs: () => number;
  readonly ask: (bytes: number | null) => void;
}

const asked = (bytesPerSecond: number | null): Pick<RunState, 'rateAsked'> => ({
  rateAsked: {bytesPerSecond, instead: null},
});
const rates = (compare: number | null, load: number | null = null): ConfiguredRates => ({
  load: {rateBytes: load},
  compare: {rateBytes: compare},
});

function paceAt(rateBytes: number | null): Paced {
  let nowMs = 0;
  let wanted: Pick<RunState, 'rateAsked'> = {rateAsked: null};
  const pace = createPace({
    steady: () => nowMs,
    sleep: async (ms) => void (nowMs += ms),
    state: () => ({...reduceAll([]), ...wanted}),
    config: rates(rateBytes),
  });
  return {pace, nowMs: () => nowMs, ask: (bytes) => void (wanted = asked(bytes))};
}

test('scans begin so that each side reads no more in a second than it may', async () => {
  const {pace, nowMs} = paceAt(100);
  for (let scan = 0; scan < 5; scan += 1) await pace('replica', 1000, untold);
  // The fifth begins when four have had their time, and the other side has had its own.
  expect(nowMs()).toBe(40_000);
  await pace('target', 1000, untold);
  expect(nowMs()).toBe(40_000);
});

test('a scan tells what it waits for', async () => {
  const {pace} = paceAt(100);
  const told: (string | null)[] = [];
  const telling: Waiting = {...untold, tell: (phase) => void told.push(phase)};
  await pace('target', 50, telling);
  await pace('target', 50, telling);
  expect(new Set(told)).toEqual(new Set([null, 'rate limit']));
});

test('who waits for his turn hears at once that nothing would come of it', async () => {
  const {pace, nowMs} = paceAt(100);
  await pace('target', 60_000, untold);
  const mustStillDo = (): void => {
    if (nowMs() >= 1000) throw new Error('its server is lost');
  };
  await expect(pace('target', 100, {...untold, mustStillDo})).rejects.toThrow('its server is lost');
  expect(nowMs()).toBe(1000);
});

test('without a rate none waits, and one that an operator asks for counts from then on', async () => {
  const {pace, nowMs, ask} = paceAt(null);
  for (let scan = 0; scan < 5; scan += 1) await pace('replica', 1e12, untold);
  expect(nowMs()).toBe(0);
  ask(100);
  await pace('target', 1000, untold);
  await pace('target', 1000, untold);
  expect(nowMs()).toBe(10_000);
});

test('an operator may ask for less than longhaul.yaml has, and not for more', () => {
  expect(scanRateOf({rateAsked: null}, rates(null))).toBeNull();
  expect(scanRateOf({rateAsked: null}, rates(7))).toBe(7);
  expect(scanRateOf(asked(5), rates(7))).toBe(5);
  expect(scanRateOf(asked(9), rates(7))).toBe(7);
  expect(scanRateOf(asked(null), rates(7))).toBe(7);
  // longhaul.yaml has another rate for the lanes than when it was asked for.
  expect(scanRateOf(asked(5), rates(null, 3))).toBeNull();
});

test('ranges of a key are the table only if a plain count says so', () => {
  const sums = [
    {rows: 40, sum: '1'},
    {rows: 50, sum: '2'},
  ];
  expect(whyUncounted('replica', {sums, plain: 90})).toBeNull();
  expect(whyUncounted('replica', {sums, plain: null})).toBeNull();
  expect(whyUncounted('replica', {sums, plain: 91})).toMatch(
    /^by the index of its key the replica has 90 rows, by a plain count 91: .* on the source\); REINDEX it there, and load/,
  );
  expect(whyUncounted('target', {sums, plain: 80})).toMatch(/on the target\); REINDEX it there, and compare again$/);
});

test('a column of one side alone is told beside the rows that differ in the others', () => {
  const table = {schema: 'public', name: 'users'};
  const why = 'the target lacks the columns note';
  const counts = {table, replicaRows: 7, targetRows: 7, monthsThatDiffer: []};
  expect(describeComparison({...counts, rowsThatDiffer: {total: 3, atLeast: false, first: [], why}})).toBe(
    'public.users DIFFERS: the target lacks the columns note; 3 rows differ',
  );
  expect(describeComparison({...counts, rowsThatDiffer: {total: 0, atLeast: false, first: [], why}})).toBe(
    'public.users DIFFERS: the target lacks the columns note',
  );
});

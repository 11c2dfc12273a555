import {expect, test} from 'vitest';
import {createPool} from '../../../src/engine/waiting/pool.ts';
import {createUnderWay, shareAtPace} from '../../../src/engine/waiting/under-way.ts';

const piece = (name: string) => ({name, table: 'public.users', on: ['target' as const], bytes: 5});

test('a piece is under way while it is done, and counts once it is, also where it failed', async () => {
  let nowMs = 1000;
  const underWay = createUnderWay({now: () => 0, steady: () => nowMs});
  expect(underWay.read()).toBeNull();
  underWay.begin('build-indexes');
  const [first, second] = [underWay.expect(piece('a')), underWay.expect(piece('b'))];
  await first.during('longhaul/acme/index-1', async () => {
    nowMs += 3000;
    expect(underWay.read()).toMatchObject({
      step: 'build-indexes',
      elapsedMs: 3000,
      done: 0,
      total: 2,
      bytesTotal: 10,
      pieces: [{name: 'a', application: 'longhaul/acme/index-1', elapsedMs: 3000}],
    });
  });
  await expect(second.during(null, async () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(underWay.read()).toMatchObject({done: 2, bytesDone: 10, pieces: []});
  underWay.begin('compare-rows');
  expect(underWay.read()).toMatchObject({step: 'compare-rows', done: 0, total: 0});
});

test('workers that are opened at the same time have numbers of their own', async () => {
  const opened: number[] = [];
  const pool = createPool(2, async (worker) => {
    opened.push(worker);
    await Promise.resolve();
    return {close: async () => undefined};
  });
  await Promise.all([pool.use(async () => Promise.resolve()), pool.use(async () => Promise.resolve())]);
  expect(opened).toEqual([1, 2]);
});

test('a scan that no server tells of is as far as those before it would be', async () => {
  let nowMs = 0;
  const underWay = createUnderWay({now: () => 0, steady: () => nowMs});
  underWay.begin('compare-rows');
  const [first, second] = [underWay.expect({...piece('a'), bytes: 100}), underWay.expect({...piece('b'), bytes: 200})];
  await first.during(null, async () => {
    nowMs += 4000;
    expect(underWay.read()?.pieces).toMatchObject([{share: null}]);
  });
  await second.during(null, async (tell) => {
    tell('rate limit');
    nowMs += 30_000;
    expect(underWay.read()?.pieces).toMatchObject([{phase: 'rate limit', share: null, elapsedMs: 30_000}]);
    tell(null);
    nowMs += 2000;
    expect(underWay.read()?.pieces).toMatchObject([{phase: null, share: 0.25}]);
    nowMs += 60_000;
    expect(underWay.read()?.pieces).toMatchObject([{share: 0.95}]);
  });
  expect(shareAtPace(100, 1000, {bytes: 5, ms: 100})).toBeNull();
  expect(shareAtPace(0, 1000, {bytes: 5, ms: 10_000})).toBeNull();
});

import {expect, test} from 'vitest';
import {createPool} from '../../../src/engine/waiting/pool.ts';
import {createUnderWay} from '../../../src/engine/waiting/under-way.ts';

const piece = (name: string) => ({name, table: 'public.users', bytes: 5});

test('a piece is under way while it is done, and counts once it is, also where it failed', async () => {
  let nowMs = 1000;
  const underWay = createUnderWay(() => nowMs);
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

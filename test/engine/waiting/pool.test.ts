import {expect, test} from 'vitest';
import {createPool, executeBeside} from '../../../src/engine/waiting/pool.ts';

/** A pool of sessions that count, and what they did. */
function aPool(size: number) {
  const seen = {opened: 0, closed: 0, now: 0, most: 0};
  const pool = createPool(size, async (worker) => {
    seen.opened += 1;
    return {worker, close: async () => void (seen.closed += 1)};
  });
  const work = async (name: string): Promise<string> =>
    pool.use(async () => {
      seen.now += 1;
      seen.most = Math.max(seen.most, seen.now);
      await new Promise((resolve) => setImmediate(resolve));
      seen.now -= 1;
      if (name.startsWith('bad')) throw new Error(name);
      return name;
    });
  return {pool, work, seen};
}

test('no more work at a time than there are sessions, each opened once and closed at the end', async () => {
  const {pool, work, seen} = aPool(3);
  const names = Array.from({length: 20}, (_, index) => `index ${index}`);
  expect(await Promise.all(names.map(work))).toEqual(names);
  expect(await work('another')).toBe('another');
  await pool.close();
  expect(seen).toEqual({opened: 3, closed: 3, now: 0, most: 3});
});

test('after a failure nothing that waits begins, and all throw the first one once what had begun is over', async () => {
  const {pool, work, seen} = aPool(2);
  const did: string[] = [];
  const names = ['good', 'bad', ...Array.from({length: 10}, (_, index) => `late ${index}`)];
  const actions = names.map((text) => ({
    on: 'target' as const,
    text,
    execute: async () => void did.push(await work(text)),
  }));
  await expect(executeBeside(actions)).rejects.toThrow('bad');
  expect(did.filter((name) => name.startsWith('late')).length).toBeLessThan(2);
  expect(seen.now).toBe(0);
  await pool.close();
  expect(seen.closed).toBe(seen.opened);
});

test('a session that cannot be opened fails what waits for it', async () => {
  const pool = createPool(1, async (): Promise<{close(): Promise<void>}> => {
    throw new Error('no route');
  });
  const ends = await Promise.allSettled([1, 2].map(async () => pool.use(async () => 'done')));
  expect(ends.map(({status}) => status)).toEqual(['rejected', 'rejected']);
});

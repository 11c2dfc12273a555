import {expect, test} from 'vitest';
import {createBell} from '../../../src/engine/waiting/bell.ts';

const NEVER = new Promise<void>(() => undefined);

test('who waits is woken by the bell, once', async () => {
  const bell = createBell();
  const woken = bell.during(async () => NEVER);
  bell.ring();
  await woken;
  let waited = false;
  await bell.during(async () => void (waited = true));
  expect(waited).toBe(true);
});

test('a bell that was rung while nobody listened is heard at the next wait', async () => {
  const bell = createBell();
  bell.ring();
  expect(await bell.during(async () => NEVER)).toBeUndefined();
});

test('without it a wait ends by itself, and what ends a wait is told', async () => {
  const bell = createBell();
  await bell.during(async () => undefined);
  await expect(bell.during(async () => Promise.reject(new Error('stopped')))).rejects.toThrow('stopped');
});

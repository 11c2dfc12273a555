import {describe, expect, test} from 'vitest';
import type {StepContext} from '../../../src/engine/step.ts';
import {whileWatching, type Wait} from '../../../src/engine/waiting/watch-blockers.ts';

const sleep = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A context whose sessions are counted, and whose waits are over at once. */
function counting() {
  const seen = {opened: 0, closed: 0};
  const open = async () => {
    seen.opened += 1;
    return {close: async () => void (seen.closed += 1)};
  };
  return {seen, ctx: {open, sleep, record: async () => undefined} as unknown as StepContext};
}

/** Work that ends, in this way, once it was asked whom it waits for. */
function waited(how: 'ends' | 'fails') {
  const {promise, resolve, reject} = Promise.withResolvers<string>();
  const ask = async () => {
    if (how === 'fails') reject(new Error('the run was stopped'));
    else resolve('at an end');
    return [];
  };
  const wait: Wait = {step: 'pause-replay', on: 'replica', done: 0, total: 1, what: 'it waits for', ask};
  return {work: promise, wait};
}

describe('the session that watches whom a step waits for', () => {
  test('is closed when the wait is over', async () => {
    const {seen, ctx} = counting();
    const {work, wait} = waited('ends');
    expect(await whileWatching(ctx, wait, async (watch) => watch.during(work))).toBe('at an end');
    expect(seen).toEqual({opened: 1, closed: 1});
  });

  test('is closed when the wait fails, as when the run is stopped', async () => {
    const {seen, ctx} = counting();
    const {work, wait} = waited('fails');
    await expect(whileWatching(ctx, wait, async (watch) => watch.during(work))).rejects.toThrow('the run was stopped');
    expect(seen).toEqual({opened: 1, closed: 1});
  });

  test('is closed when what comes after the wait fails', async () => {
    const {seen, ctx} = counting();
    const {work, wait} = waited('ends');
    const watched = whileWatching(ctx, wait, async (watch) => {
      await watch.during(work);
      throw new Error('it took too long');
    });
    await expect(watched).rejects.toThrow('it took too long');
    expect(seen).toEqual({opened: 1, closed: 1});
  });
});

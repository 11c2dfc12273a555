import {expect, test} from 'vitest';
import type {StepContext} from '../../../src/engine/step.ts';
import {whileWatching, type Wait} from '../../../src/engine/waiting/watch-blockers.ts';

/** A context whose sessions are counted, and whose waits are over at once. */
function counting() {
  const seen = {opened: 0, closed: 0};
  const open = async () => {
    seen.opened += 1;
    return {close: async () => void (seen.closed += 1)};
  };
  const sleep = async () => new Promise((resolve) => setImmediate(resolve));
  return {seen, ctx: {open, sleep, record: async () => undefined} as unknown as StepContext};
}

const wait = (asked: () => void): Wait => ({
  step: 'pause-replay',
  on: 'replica',
  done: 0,
  total: 1,
  what: 'it waits for',
  ask: async () => {
    asked();
    return [];
  },
});

test.each(['ends', 'fails', 'cannot be watched'])(
  'the session that watches is closed when what it watches %s',
  async (how) => {
    const {seen, ctx} = counting();
    let end: () => void = () => undefined;
    const work = new Promise<void>((resolve, reject) => {
      end = () => (how === 'fails' ? reject(new Error('the run was stopped')) : resolve());
    });
    const watched = whileWatching(
      ctx,
      wait(() => end()),
      async (watch) => {
        await watch.during(work);
        if (how === 'cannot be watched') throw new Error('the run was stopped');
      },
    );
    await (how === 'ends' ? watched : expect(watched).rejects.toThrow('the run was stopped'));
    expect(seen).toEqual({opened: 1, closed: 1});
  },
);

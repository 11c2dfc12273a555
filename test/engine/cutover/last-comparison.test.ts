import {expect, test} from 'vitest';
import type {StepContext} from '../../../src/engine/step.ts';
import {waitTelling} from '../../../src/engine/cutover/final/end-of-comparison.ts';
import {contextOf} from '../../support/stepping.ts';

test('while the last comparison goes on behind the hand-over, its tables are told', async () => {
  const left = ['public.big', 'public.bigger'];
  const told: unknown[] = [];
  const end = Promise.withResolvers<undefined>();
  const ctx = {
    ...contextOf('never'),
    final: {
      over: async () => end.promise,
      progress: () => ({compared: [{}, {}].slice(left.length), left, failure: null}),
    },
    record: async (event: unknown) => void told.push(event),
    sleep: async () => {
      if (told.length > 0) left.shift();
      if (left.length === 0) end.resolve(undefined);
    },
  } as unknown as StepContext;
  await waitTelling(ctx);
  expect(told).toEqual([
    expect.objectContaining({done: 0, total: 2, what: 'rows as they were at the hand-over: public.big; public.bigger'}),
    expect.objectContaining({done: 1, total: 2, what: 'rows as they were at the hand-over: public.bigger'}),
  ]);
});

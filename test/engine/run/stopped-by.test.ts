import {expect, test} from 'vitest';
import {executeAll} from '../../../src/engine/make-action.ts';
import {stoppedBy} from '../../../src/engine/run/stopped-by.ts';
import type {Session} from '../../../src/pg/session/session.ts';
import {contextOf} from '../../support/stepping.ts';

test('a walk that is stopped between two of its statements begins no more of them', async () => {
  const own = new AbortController();
  const ran: number[] = [];
  const session = {run: async () => []} as unknown as Session;
  const ctx = stoppedBy({...contextOf('never'), session: async () => session, open: async () => session}, own.signal);
  const actions = [1, 2, 3].map((number) => ({
    on: 'source' as const,
    text: `SELECT ${number}`,
    execute: async () => {
      await ctx.session('source');
      ran.push(number);
      if (number === 2) own.abort('the run is given up');
    },
  }));
  await expect(executeAll(actions)).rejects.toBe('the run is given up');
  expect(ran).toEqual([1, 2]);
  await expect(ctx.open('source', 'release')).rejects.toBe('the run is given up');
});

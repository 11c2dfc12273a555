import {describe, expect, test} from 'vitest';
import type {Config} from '../../../src/config/config.ts';
import {waitUntilQuiet} from '../../../src/engine/cutover/quiet.ts';
import type {StepContext} from '../../../src/engine/step.ts';
import type {Session} from '../../../src/pg/session/session.ts';
import type {Writer} from '../../../src/pg/cutover/writers.ts';
import {contextOf} from '../../support/stepping.ts';

/** A source that has these writers, one list after the other, the last for ever; it notes whom it is told to end. */
function sourceWith(writers: readonly (readonly Writer[])[], ended: unknown[]): Session {
  let asked = 0;
  const run = async ({text, values}: {text: string; values: readonly unknown[]}): Promise<unknown> => {
    if (!text.includes('pg_terminate_backend')) return writers[Math.min(asked++, writers.length - 1)];
    ended.push(values.at(-1));
    return [];
  };
  return {version: 150_000, run} as unknown as Session;
}

async function wait(stop: 'longhaul' | 'commands', writers: readonly (readonly Writer[])[]): Promise<unknown[]> {
  const ended: unknown[] = [];
  const source = sourceWith(writers, ended);
  let ms = 0;
  const ctx = {
    ...contextOf('never'),
    config: {run: 'acme', cutover: {stop}} as Config,
    session: async () => source,
    steady: () => (ms += 10),
  } as unknown as StepContext;
  await waitUntilQuiet(ctx, 100);
  return ended;
}

const CLIENT: Writer = {pid: 7, who: 'session of app', seconds: 1};

describe('the wait until nobody writes on the source', () => {
  test('ends who writes all the same, and is over once nobody does', async () => {
    expect(await wait('longhaul', [[CLIENT], [CLIENT], []])).toEqual([['7'], ['7']]);
  });

  test('ends nobody where the operator’s commands stop the writes', async () => {
    expect(await wait('commands', [[CLIENT], []])).toEqual([]);
  });

  test('fails with the names of those who do not end', async () => {
    await expect(wait('longhaul', [[CLIENT]])).rejects.toThrow('these still write: session of app (pid 7)');
  });

  test('fails at once for a prepared transaction, which nobody but its owner may decide', async () => {
    await expect(
      wait('longhaul', [[{pid: 0, who: "prepared transaction 'x' of app", seconds: null}], []]),
    ).rejects.toThrow("these still write: prepared transaction 'x' of app");
  });
});

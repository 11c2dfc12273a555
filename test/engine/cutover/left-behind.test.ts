import {expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {leftBehind, proveNothingCame} from '../../../src/engine/cutover/own-slots.ts';
import type {StepContext} from '../../../src/engine/step.ts';
import type {Session} from '../../../src/pg/session/session.ts';
import {contextOf} from '../../support/stepping.ts';

const SLOTS: RunEvent = {type: 'objects.claimed', objects: ['slot lh_01', 'subscription lh_01']};
const BEGUN: RunEvent = {type: 'cutover.begun', by: 'ana', steps: ['stop-writes', 'hand-over']};
const OPENING: RunEvent = {type: 'cutover.opening', by: 'ana'};

/** A proof after which the slots have a row of public.moves; gives what was told of it. */
async function prove(isClosed: boolean, ...before: readonly RunEvent[]): Promise<readonly string[]> {
  const session = {
    version: 150_000,
    one: async () => ({isReadOnly: isClosed}),
    run: async () => [{table: 'public.moves'}],
  } as unknown as Session;
  const known = contextOf('never', SLOTS, BEGUN, ...before);
  const ctx = {
    ...known,
    config: {cdc: {engine: 'native'}},
    session: async () => session,
  } as unknown as StepContext;
  for (const _ of [1, 2]) await proveNothingCame(ctx, parseLsn('0/10'));
  return known.state().findings.map(({check, step}) => `${step} ${check}`);
}

test('what was written on the source without its locks keeps the target closed as long as it can come', async () => {
  await expect(prove(true)).rejects.toThrow('somebody wrote to public.moves');
  await expect(prove(true, OPENING)).rejects.toThrow('somebody wrote to public.moves');
  await expect(prove(false)).rejects.toThrow('somebody wrote to public.moves');
});

test('and once the target may have been written to it is told, once, and stops nothing', async () => {
  expect(await prove(false, OPENING)).toEqual(['drain cutover.left-behind']);
});

test('with the statements that show the rows, by the transaction numbers since the stop', () => {
  const {remedy} = leftBehind(['public.moves', 'public."Log"'], 4_294_967_296 + 733);
  expect(remedy).toContain(
    `SELECT * FROM public.moves WHERE age(xmin) <= age('733'::xid); SELECT * FROM public."Log" WHERE`,
  );
});

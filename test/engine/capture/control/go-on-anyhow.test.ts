import {describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../../src/domain/run/event.ts';
import type {Action} from '../../../../src/engine/action.ts';
import {orGoOn} from '../../../../src/engine/capture/control/go-on-anyhow.ts';
import {untilOneFails} from '../../../../src/engine/capture/pglogical/plan-removal.ts';
import {executeAll} from '../../../../src/engine/make-action.ts';
import {inMemory} from '../../../support/in-memory.ts';

const LATE = new Error('somebody reads it still');

function fails(text: string): Action {
  return {on: 'target', text, execute: async () => Promise.reject(LATE)};
}

/** Actions that note what is executed. */
function noting(): {readonly executed: string[]; does: (text: string) => Action} {
  const executed: string[] = [];
  const does = (text: string): Action => ({on: 'target', text, execute: async () => void executed.push(text)});
  return {executed, does};
}

describe('what stops applying the changes of a slot on its way and fails', () => {
  test.each<[string, readonly RunEvent[], readonly string[]]>([
    ['lets it go on', [], ['disable', 'enable']],
    ['leaves it to the operator who has paused it', [{type: 'cdc.paused', slot: 'lh_01', by: 'ana'}], ['disable']],
    [
      'lets it go on where another one is paused',
      [{type: 'cdc.paused', slot: 'lh_02', by: 'ana'}],
      ['disable', 'enable'],
    ],
    ['leaves it to the fence that holds it', [{type: 'fence.raised', slots: ['lh_01']}], ['disable']],
  ])('%s', async (_, before, expected) => {
    const {executed, does} = noting();
    const {state} = inMemory(...before);
    const going = {slot: 'lh_01', state, planResume: async () => [does('enable')]};
    await expect(orGoOn(going, [does('disable'), fails('wait'), does('skip')])).rejects.toBe(LATE);
    expect(executed).toEqual(expected);
  });

  test('tells why it has failed, also where it cannot go on', async () => {
    const {does} = noting();
    const {state} = inMemory();
    const going = {slot: 'lh_01', state, planResume: async () => [fails('enable')]};
    await expect(orGoOn(going, [does('disable'), fails('wait')])).rejects.toBe(LATE);
  });
});

test('a subscription that does not end keeps no other from being dropped', async () => {
  const {executed, does} = noting();
  const failures: unknown[] = [];
  const one = untilOneFails([does('disable 1'), fails('wait 1'), does('drop 1')], failures);
  const two = untilOneFails([does('disable 2'), does('drop 2')], failures);
  await executeAll([...one, ...two]);
  expect(executed).toEqual(['disable 1', 'disable 2', 'drop 2']);
  expect(failures).toEqual([LATE]);
});

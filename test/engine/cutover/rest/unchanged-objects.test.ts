import {describe, expect, test} from 'vitest';
import type {Config} from '../../../../src/config/config.ts';
import type {RunEvent} from '../../../../src/domain/run/event.ts';
import {digestOf} from '../../../../src/engine/cutover/rest/copy-objects.ts';
import {planObjectsProof} from '../../../../src/engine/cutover/rest/unchanged-objects.ts';
import type {StepContext} from '../../../../src/engine/step.ts';
import type {Session} from '../../../../src/pg/session/session.ts';
import type {ObjectSums} from '../../../../src/pg/cutover/object-contents.ts';
import {contextOf} from '../../../support/stepping.ts';

const ONE: ObjectSums = {bucket: 1, objects: 2, sum: '5'};
const TWO: ObjectSums = {bucket: 2, objects: 1, sum: '-7'};

const copied = (objects: {compared: number; sum?: string}): RunEvent => ({
  type: 'step.done',
  step: 'copy-the-rest',
  evidence: {equal: [], copied: [], left: [], objects: {copied: 0, removed: 0, ...objects}, tookMs: 1},
  already: false,
});

const BEGUN: RunEvent = {type: 'cutover.begun', by: 'ana', steps: ['copy-the-rest', 'hand-over']};
const OPENING: RunEvent = {type: 'cutover.opening', by: 'ana'};

/** Proves it of a source that has these now; gives what was told. */
async function prove(
  now: readonly ObjectSums[] | Error,
  before: readonly RunEvent[],
  largeObjects: 'contents' | 'no' = 'contents',
): Promise<readonly string[]> {
  const known = contextOf('never', BEGUN, ...before);
  const session = {
    run: async ({text}: {text: string}) => {
      if (!text.includes('pg_largeobject_metadata')) return [];
      if (now instanceof Error) throw now;
      return now.filter(({bucket}) => text.includes(`& 1) = ${bucket % 2}`) || text.includes('& 0)'));
    },
    close: async () => undefined,
  } as unknown as Session;
  const cutover = {largeObjects, copyRestBack: true, copyRestLimitMs: 60_000, lockLimitMs: 1, stop: 'commands'};
  const ctx = {
    ...known,
    config: {run: 'acme', cutover} as unknown as Config,
    session: async () => session,
    open: async () => session,
  } as unknown as StepContext;
  for (const _ of [1, 2]) for (const action of planObjectsProof(ctx)) await action.execute();
  return known.state().findings.map(({check, step}) => `${step} ${check}`);
}

describe('large objects that copy-the-rest has compared', () => {
  const sum = digestOf([ONE, TWO]);

  test('come to the same in whatever order they are summed, and to something else once one is written', () => {
    expect(digestOf([TWO, ONE])).toBe(sum);
    expect(digestOf([ONE, {...TWO, sum: '-8'}])).not.toBe(sum);
    expect(digestOf([ONE])).not.toBe(sum);
  });

  test('are looked at again before the target is opened, and keep it closed where somebody has written one since', async () => {
    expect(await prove([TWO, ONE], [copied({compared: 3, sum})])).toEqual([]);
    await expect(prove([ONE, {...TWO, sum: '-8'}], [copied({compared: 3, sum})])).rejects.toThrow(
      'made, written or removed after copy-the-rest',
    );
    // There were none, and there is one.
    await expect(prove([ONE], [copied({compared: 0, sum: digestOf([])})])).rejects.toThrow('made, written or removed');
  });

  test('and where one came that our role may not read', async () => {
    const denied = Object.assign(new Error('permission denied'), {code: '42501', severity: 'ERROR'});
    await expect(prove(denied, [copied({compared: 3, sum})])).rejects.toThrow('made, written or removed');
  });

  test('are told, once, where the target may be open already: then there is only the way forward', async () => {
    expect(await prove([ONE], [copied({compared: 3, sum}), OPENING])).toEqual(['copy-the-rest cutover.objects-left']);
  });

  test('are not asked for where they are not moved, or were compared by an earlier version', async () => {
    expect(await prove([ONE], [copied({compared: 3, sum})], 'no')).toEqual([]);
    expect(await prove([ONE], [copied({compared: 3})])).toEqual([]);
  });
});

import {describe, expect, test} from 'vitest';
import type {Config} from '../../../src/config/config.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {createFence} from '../../../src/engine/cutover/fence.ts';
import {createFinalComparison} from '../../../src/engine/cutover/final/final-comparison.ts';
import type {StepContext} from '../../../src/engine/step.ts';
import {handOver} from '../../../src/engine/steps/cutover/hand-over.ts';
import type {Session} from '../../../src/pg/session/session.ts';
import {contextOf} from '../../support/stepping.ts';

const BEGUN: RunEvent = {type: 'cutover.begun', by: 'ana', steps: ['stop-writes', 'hand-over']};
const STOPPING: RunEvent = {
  type: 'cutover.stopping',
  setting: {database: 'app', before: null, since: '2026-11-27T00:00:00Z'},
};

describe('the target', () => {
  test('is not opened where rows of it may be missing by now: a transaction was skipped since the cutover has begun', async () => {
    const lsn = parseLsn('0/500');
    const skipping: RunEvent = {
      type: 'cdc.skipping',
      slot: 'lh_01',
      by: 'eva',
      xid: '7',
      commitLsn: lsn,
      endLsn: lsn,
      tables: [{schema: 'public', name: 'moves'}],
      changes: ['INSERT public.moves (id 1)'],
    };
    const answer = {isReadOnly: true, clock: '2026-11-27T00:00:01Z', database: 'app', before: null};
    const session = {version: 150_000, lost: false, one: async () => answer, run: async () => []} as unknown as Session;
    const ctx = {
      ...contextOf('never', BEGUN, STOPPING, skipping),
      config: {
        run: 'acme',
        cdc: {engine: 'none', targetReadOnly: true},
        cutover: {
          lock: false,
          stop: 'commands',
          lockLimitMs: 1,
          stopBefore: [],
          stopAfter: [],
          handOver: [],
          opened: [],
        },
      } as unknown as Config,
      fence: createFence(),
      final: createFinalComparison(),
      session: async () => session,
    } as unknown as StepContext;
    await expect(handOver.run(ctx)).rejects.toThrow('public.moves has to be compared');
    expect(ctx.state().cutover?.status).toBe('under-way');
  });
});

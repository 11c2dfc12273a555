import {expect, test} from 'vitest';
import type {Config} from '../../../../src/config/config.ts';
import {parseLsn} from '../../../../src/domain/pg/lsn.ts';
import type {RunEvent} from '../../../../src/domain/run/event.ts';
import {kickWhatIsDown} from '../../../../src/engine/capture/control/kick-down.ts';
import type {StepContext} from '../../../../src/engine/step.ts';
import type {Session} from '../../../../src/pg/session/session.ts';
import {contextOf} from '../../../support/stepping.ts';

const SLOT = 'pgl_app_longhaul_lh_01';
const DOWN = {
  name: 'lh_01',
  enabled: true,
  slot: SLOT,
  status: 'down',
  appliedLsn: null,
  workerPid: null,
  waitsFor: [],
};
const AT = parseLsn('0/2000');

const STARTED: readonly RunEvent[] = [
  {type: 'objects.claimed', objects: ['pglogical-subscription lh_01']},
  {type: 'cdc.started', by: 'start-cdc', evidence: {}},
];
const BEGUN: RunEvent = {type: 'cutover.begun', by: 'ana', steps: ['stop-writes', 'drain', 'hand-over']};
const DRAINING: RunEvent = {type: 'step.started', step: 'drain'};
const DRAINED: RunEvent = {
  type: 'step.done',
  step: 'drain',
  evidence: {lsn: AT, slots: [{name: 'lh_01', tookMs: 1}], tookMs: 1},
  already: false,
};

/** How often a subscription that is down is kicked in one look. */
async function kicks(...before: readonly RunEvent[]): Promise<number> {
  const ending = new AbortController();
  const session = {
    version: 150_000,
    lost: false,
    run: async ({text}: {text: string}) => {
      if (text.includes('pglogical.subscription')) return [DOWN];
      return text.includes('pg_replication_slots') ? [{name: SLOT, confirmedFlushLsn: AT}] : [];
    },
    one: async () => ({insertLsn: AT}),
    close: async () => undefined,
  } as unknown as Session;
  const known = contextOf('never', ...STARTED, ...before);
  const ctx = {
    ...known,
    config: {run: 'acme', cdc: {engine: 'pglogical'}} as unknown as Config,
    signal: ending.signal,
    session: async () => session,
    open: async () => session,
    sleep: async () => ending.abort(),
  } as unknown as StepContext;
  await kickWhatIsDown(ctx, {everyMs: 0, downMs: 0, againMs: 60_000});
  return known.entries.filter((entry) => entry.type === 'command.received' && entry.command['type'] === 'kick-cdc')
    .length;
}

test('a subscription that is down is kicked, in a cutover as well as long as it drains: that waits for it', async () => {
  expect(await kicks()).toBe(1);
  expect(await kicks(BEGUN, DRAINING)).toBe(1);
  expect(await kicks(BEGUN, DRAINING, DRAINED, {type: 'cutover.gone-back', by: 'ana', reason: 'enough'})).toBe(1);
});

test('but not between the drain and the end of the cutover, which ends change capture itself', async () => {
  expect(await kicks(BEGUN, DRAINING, DRAINED)).toBe(0);
  expect(await kicks(BEGUN, DRAINING, DRAINED, {type: 'cutover.opening', by: 'ana'})).toBe(0);
});

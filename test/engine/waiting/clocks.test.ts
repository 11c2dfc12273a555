import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {NEW_RUN, type UnitState} from '../../../src/domain/run/run-state.ts';
import {createRetries} from '../../../src/engine/load/retries.ts';
import {createLanes} from '../../../src/engine/load/lane/lanes.ts';
import {isOverdue, STARTING_MS} from '../../../src/engine/load/lane/signal-lane.ts';
import type {RunningUnit} from '../../../src/engine/load/running-units.ts';
import {createLocalHost} from '../../../src/engine/load/host/local.ts';
import {openJournal, type Journal} from '../../../src/engine/run/journal.ts';
import type {StepContext} from '../../../src/engine/step.ts';
import {neverBack} from '../../../src/engine/waiting/clocks.ts';
import {waitUntil} from '../../../src/engine/waiting/wait-until.ts';

const START = Date.parse('2026-11-26T12:00:00Z');
const HOUR = 3_600_000;

/** A machine whose clock somebody sets, while time goes on. */
function machine() {
  const at = {steadyMs: 500, setByMs: 0};
  return {
    goOn: (ms: number) => void (at.steadyMs += ms),
    set: (byMs: number) => void (at.setByMs += byMs),
    steady: () => at.steadyMs,
    now: () => START + at.steadyMs - 500 + at.setByMs,
  };
}

/** A unit that failed at the start and is tried again by itself. */
const failed = (retryAt: number): UnitState => ({
  id: '01-events',
  kind: 'table',
  tables: [],
  bytes: 1,
  state: {
    status: 'failed',
    attempt: 1,
    tries: 1,
    failedAt: new Date(START).toISOString(),
    retryAt: new Date(retryAt).toISOString(),
    failure: {cause: 'consumer', message: '', table: null, sqlstate: null, remedy: '', heals: true},
  },
});

describe('the time that is written down', () => {
  test('is that of the machine', () => {
    const {now, steady, goOn} = machine();
    const time = neverBack({now, steady, after: 0});
    goOn(1000);
    expect(time()).toBe(START + 1000);
    goOn(5000);
    expect(time()).toBe(START + 6000);
  });

  test('goes on, more slowly, where the clock was set back, until that has come up with it', () => {
    const {now, steady, goOn, set} = machine();
    const time = neverBack({now, steady, after: 0});
    expect(time()).toBe(START);
    set(-3 * HOUR);
    expect(time()).toBe(START);
    goOn(HOUR);
    expect(time()).toBe(START + HOUR / 2);
    goOn(6 * HOUR);
    expect(time()).toBe(now());
  });

  test('follows a clock that is set forward, and is never behind what is written already', () => {
    const {now, steady, set} = machine();
    const time = neverBack({now, steady, after: START + HOUR});
    expect(time()).toBe(START + HOUR);
    set(3 * HOUR);
    expect(time()).toBe(START + 3 * HOUR);
  });
});

describe('a clock that is set back by three hours', () => {
  test('does not make what came later the earlier in the journal, nor after a restart, nor beside readings', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lh-clock-'));
    const {now, steady, goOn, set} = machine();
    const open = async (): Promise<Journal> =>
      openJournal(join(folder, 'journal.jsonl'), {now, steady, version: '0.1.0'});
    try {
      let journal = await open();
      const first = await journal.append({type: 'step.started', step: 'capture-boundary'});
      set(-3 * HOUR);
      const second = await journal.append({type: 'step.started', step: 'prove-boundary'});
      goOn(10_000);
      const reading = new Date(journal.now()).toISOString();
      await journal.close();
      set(-3 * HOUR);
      journal = await open();
      const afterwards = new Date(journal.now()).toISOString();
      const third = await journal.append({type: 'step.started', step: 'full-load'});
      await journal.close();
      expect(first.at < second.at && second.at < reading && second.at < third.at).toBe(true);
      expect(second.at <= afterwards).toBe(true);
    } finally {
      rmSync(folder, {recursive: true});
    }
  });

  test('neither delays a retry nor brings it on', () => {
    for (const byMs of [-3 * HOUR, 3 * HOUR]) {
      const {now, steady, goOn, set} = machine();
      const isDue = createRetries({now, steady});
      expect(isDue(failed(START + 5000))).toBe(false);
      set(byMs);
      goOn(4999);
      expect(isDue(failed(START + 5000))).toBe(false);
      goOn(1);
      expect(isDue(failed(START + 5000))).toBe(true);
      // Its next failure is another wait.
      expect(isDue(failed(now() + 10_000))).toBe(false);
      goOn(10_000);
      expect(isDue(failed(now()))).toBe(true);
    }
  });

  test('does not keep a lane that never starts from being called off, nor has one called off that has just begun', () => {
    const unit = {
      id: '01-events',
      state: {folder: '/l/01-events.1', startedAt: new Date(START).toISOString()},
    } as RunningUnit;
    for (const [startedBy, byMs] of [
      ['this', -3 * HOUR],
      ['this', 3 * HOUR],
      ['an earlier', -3 * HOUR],
    ] as const) {
      const {now, steady, goOn, set} = machine();
      const lanes = createLanes(createLocalHost({}));
      if (startedBy === 'this') lanes.startedAt.set(unit.state.folder, steady());
      set(byMs);
      const ctx = {lanes, now, steady, state: () => NEW_RUN} as unknown as StepContext;
      expect(isOverdue(ctx, unit)).toBe(false);
      goOn(STARTING_MS + 1);
      expect(isOverdue(ctx, unit)).toBe(true);
    }
  });

  test('makes no wait longer than its limit', async () => {
    const {steady, goOn, set} = machine();
    let asked = 0;
    const sleep = async (ms: number): Promise<void> => {
      if (asked === 2) set(-3 * HOUR);
      goOn(ms);
    };
    const never = async (): Promise<null> => {
      asked += 1;
      return null;
    };
    expect(await waitUntil({steady, sleep}, 1000, never)).toBeNull();
    expect(asked).toBe(5);
  });
});

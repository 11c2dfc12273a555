import {describe, expect, test} from 'vitest';
import type {Alarm} from '../../../src/domain/reading/alarm.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {NEW_RUN, type RunState} from '../../../src/domain/run/run-state.ts';
import {judgeAlarms} from '../../../src/probes/judge/alarms.ts';
import {NOTHING_SEEN} from '../../../src/probes/judge/history.ts';
import {
  GB,
  START,
  at,
  atP,
  due,
  historyOf,
  idsOf,
  lanes,
  loadingUnit,
  replica,
  slots,
  standing,
  target,
  thresholds,
} from './observed.ts';

/** Two minutes of readings with 1 MB of WAL a minute: see `slots`. */
const growing = (safeWalBytes: number): Reading[] => Array.from({length: 20}, (_, n) => slots(n / 10, {safeWalBytes}));
const eta = (loadMinutes: number): Reading => ({
  at: at(1),
  probe: 'eta',
  eta: {
    bytesLeft: 1,
    bytesTotal: 2,
    bytesPerSecond: 1,
    loadMinutes,
    why: '',
    soonest: 1,
    latest: loadMinutes,
    indexMinutes: null,
  },
});
describe('an alarm is due', () => {
  test.each<[string, string[], Alarm[]]>([
    ['for nothing, when all is well', [], due(1, [slots(1, {})])],
    [
      'for a slot that holds too much',
      ['slot.retained:dms_slot_01 warning'],
      due(1, [slots(1, {retainedBytes: 200 * GB})]),
    ],
    [
      'for a foreign slot that holds too much: it fills the same disk',
      ['slot.retained:x warning'],
      due(1, [slots(1, {name: 'x', ours: false, retainedBytes: 201 * GB})]),
    ],
    [
      'for a lost slot',
      ['slot.lost:dms_slot_01 critical'],
      due(1, [slots(1, {walStatus: 'lost', restartLsn: null, retainedBytes: null})]),
    ],
    [
      'for a slot that the server has invalidated',
      ['slot.lost:dms_slot_01 critical'],
      due(1, [slots(1, {invalidationReason: 'wal_removed'})]),
    ],
    [
      'for a slot that the next checkpoint kills',
      ['slot.unreserved:dms_slot_01 critical'],
      due(1, [slots(1, {walStatus: 'unreserved'})]),
    ],
    ['for no foreign slot that is lost', [], due(1, [slots(1, {ours: false, walStatus: 'lost'})])],
    [
      'for P, when the replica has left it',
      ['boundary.moved critical'],
      due(1, [replica({replayLsn: parseLsn('16/B374D849')})], atP),
    ],
    [
      'for P, when the replica was restarted',
      ['boundary.moved critical'],
      due(1, [replica({postmasterStart: 'later'})], atP),
    ],
    ['for P, when the replica was promoted', ['boundary.moved critical'], due(1, [replica({inRecovery: false})], atP)],
    ['not for P, while the replica stands', [], due(1, [replica({})], atP)],
    ['not for P, once the run is done', [], due(1, [replica({replayLsn: parseLsn('17/1')})], {...atP, status: 'done'})],
    [
      'not for P, by a reading from before it was captured',
      [],
      due(1, [replica({at: at(0.4), replayLsn: parseLsn('16/1')})], atP),
    ],
    [
      'for a long transaction',
      ['transaction.long:source warning'],
      due(1, [{at: at(1), probe: 'transactions', server: 'source', oldestSeconds: 1801, oldest: 'pid 7', prepared: 0}]),
    ],
  ])('%s', (_, expected, alarms) => {
    expect(idsOf(alarms)).toEqual(expected);
    for (const {remedy, seen} of alarms) expect(remedy.length * seen.length).toBeGreaterThan(0);
  });

  test('for a promoted replica another standby is asked for, since it is never paused again', () => {
    const [promoted] = due(1, [replica({inRecovery: false})], atP);
    const [restarted] = due(1, [replica({postmasterStart: 'later'})], atP);
    expect(promoted?.remedy).toContain('name another standby');
    expect(restarted?.remedy).not.toContain('another standby');
  });

  test('for a slot of ours that is gone, once slots were made', () => {
    const state: RunState = {
      ...NEW_RUN,
      claimed: ['slot dms_slot_01', 'slot dms_slot_02', 'set dms_slot_02'],
      steps: [
        {id: 'create-slots', state: {status: 'done', startedAt: at(0), endedAt: at(0), evidence: {}, already: false}},
      ],
    };
    expect(idsOf(due(1, [slots(1, {})], state))).toEqual(['slot.gone:dms_slot_02 critical']);
    expect(due(1, [slots(1, {})], {...state, steps: []})).toEqual([]);
    // Seen before they were made.
    expect(due(1, [slots(0, {})], state)).toEqual([]);
  });

  test('for a slot that somebody read and nobody reads any more, not for one that waits for change capture', () => {
    const unread = [slots(0, {}), slots(31, {})];
    expect(due(31, unread)).toEqual([]);
    const abandoned = [slots(0, {active: true}), slots(1, {}), slots(31, {})];
    expect(due(30, abandoned)).toEqual([]);
    expect(idsOf(due(31, abandoned))).toEqual(['slot.inactive:dms_slot_01 warning']);
    expect(due(40, [...abandoned, slots(40, {active: true})])).toEqual([]);
  });

  test('for max_slot_wal_keep_size, when it kills the slot too soon at the rate of WAL', () => {
    expect(due(2, growing(500 * 1024 ** 2))).toEqual([]);
    expect(idsOf(due(2, growing(60 * 1024 ** 2)))).toEqual(['slot.cap:dms_slot_01 critical']);
  });

  test('for the target’s disk only if the load does not fit on it', () => {
    const full: Reading = {
      at: at(1),
      probe: 'runway',
      server: 'target',
      runway: {minutes: 60, soonest: 50, latest: 70, bytesPerSecond: 1e6, freeBytes: GB},
      why: '',
    };
    expect(due(1, [full, eta(50)])).toEqual([]);
    expect(idsOf(due(1, [full, eta(70)]))).toEqual(['disk.runway:target warning']);
  });

  test('for what Longhaul cannot do on its own machine', () => {
    const look = {
      history: NOTHING_SEEN,
      state: NEW_RUN,
      thresholds,
      nowMs: START,
      steadyMs: START,
      sinceMs: START,
      staleAfterMs: new Map(),
    };
    const alarms = judgeAlarms({...look, troubles: new Map([['readings file', 'ENOSPC: no space left on device']])});
    expect(alarms.map(({id, seen}) => [id, seen])).toEqual([['own:readings file', 'ENOSPC: no space left on device']]);
  });

  test('for a lane that moves nothing, but not for a paused one', () => {
    const unit = loadingUnit('01-events');
    const stalled = [lanes(0, '01-events', 5), lanes(1, '01-events', 6), lanes(11, '01-events', 6)];
    expect(idsOf(due(11, stalled, {...NEW_RUN, units: [unit]}))).toEqual(['lane.stalled:01-events warning']);
    expect(due(11, [...stalled, lanes(11, '01-events', 7)], {...NEW_RUN, units: [unit]})).toEqual([]);
    // Its pipe is still, and rows arrive.
    const arriving = [lanes(1, '01-events', 6, 100), lanes(10, '01-events', 6, 200), lanes(11, '01-events', 6)];
    expect(due(11, arriving, {...NEW_RUN, units: [unit]})).toEqual([]);
    expect(idsOf(due(21, arriving, {...NEW_RUN, units: [unit]}))).toEqual(['lane.stalled:01-events warning']);
    const paused = loadingUnit('01-events', {since: at(1), by: 'ana'});
    expect(due(11, stalled, {...NEW_RUN, units: [paused]})).toEqual([]);
  });

  test('for a paused lane that the target has let go, once it was looked at since', () => {
    const state = {...NEW_RUN, units: [loadingUnit('01-events', {since: at(1), by: 'ana'})]};
    expect(idsOf(due(3, [target(2, '01-events')], state))).toEqual(['lane.cut:01-events warning']);
    expect(due(3, [target(2)], state)).toEqual([]);
    expect(due(3, [target(0, '01-events')], state)).toEqual([]);
    expect(due(3, [target(2, '01-events')], {...NEW_RUN, units: [loadingUnit('01-events')]})).toEqual([]);
  });

  test('for a probe that has seen nothing for too long, with the server’s words', () => {
    const readings: Reading[] = [slots(0, {}), {at: at(1), probe: 'failed', of: 'slots', message: 'no answer'}];
    const look = {
      history: historyOf(readings),
      state: NEW_RUN,
      thresholds,
      nowMs: START + 120_000,
      steadyMs: START + 120_000,
      sinceMs: START,
      troubles: new Map(),
    };
    const alarms = judgeAlarms({...look, staleAfterMs: new Map([['slots', 60_000]])});
    expect(alarms.map(({id, seen}) => [id, seen])).toEqual([
      ['probe.stale:slots', 'has seen nothing for 2 min: no answer'],
    ]);
    expect(judgeAlarms({...look, staleAfterMs: new Map([['slots', 180_000]])})).toEqual([]);
  });
});

describe('an alarm does not flap', () => {
  test('at its threshold: it stays until the value is a tenth better', () => {
    const id = 'slot.retained:dms_slot_01';
    expect(due(1, [slots(1, {retainedBytes: 190 * GB})])).toEqual([]);
    expect(idsOf(due(1, [slots(1, {retainedBytes: 190 * GB})], standing(id)))).toEqual([`${id} warning`]);
    expect(due(1, [slots(1, {retainedBytes: 179 * GB})], standing(id))).toEqual([]);
  });
});

import {describe, expect, test} from 'vitest';
import type {Alarm} from '../../src/domain/alarm.ts';
import {parseLsn} from '../../src/domain/lsn.ts';
import type {Reading, SlotReading} from '../../src/domain/reading.ts';
import {NEW_RUN, type RunState} from '../../src/domain/run-state.ts';
import {changeAlarms, judgeAlarms} from '../../src/probes/alarms.ts';
import {NOTHING_SEEN, remember, type History} from '../../src/probes/history.ts';

const GB = 1024 ** 3;
const START = Date.parse('2026-11-24T04:00:00.000Z');
const thresholds = {
  retainedBytes: 200 * GB,
  runwayMinutes: 120,
  inactiveMinutes: 30,
  stalledMinutes: 10,
  longTransactionMinutes: 30,
};
const P = parseLsn('16/B374D848');

const slot: SlotReading = {
  name: 'dms_slot_01',
  kind: 'logical',
  plugin: 'pglogical',
  database: 'app',
  active: false,
  ours: true,
  restartLsn: P,
  confirmedFlushLsn: P,
  retainedBytes: GB,
  walStatus: 'reserved',
  safeWalBytes: null,
  invalidationReason: null,
};
const at = (minute: number): string => new Date(START + minute * 60_000).toISOString();
const slots = (minute: number, ...changes: Partial<SlotReading>[]): Reading => ({
  at: at(minute),
  probe: 'slots',
  currentLsn: parseLsn(`17/${Math.round(minute * 0x100000).toString(16)}`),
  slots: changes.map((change) => ({...slot, ...change})),
});
const historyOf = (readings: readonly Reading[], state: RunState = NEW_RUN): History =>
  readings.reduce((history, reading) => remember(history, reading, state), NOTHING_SEEN);

/** What is due at a minute after these readings. */
function due(minute: number, readings: readonly Reading[], state: RunState = NEW_RUN): Alarm[] {
  const staleAfterMs = new Map<string, number>();
  return judgeAlarms({
    history: historyOf(readings, state),
    state,
    thresholds,
    nowMs: START + minute * 60_000,
    sinceMs: START,
    staleAfterMs,
  });
}
const idsOf = (alarms: readonly Alarm[]): string[] => alarms.map(({id, severity}) => `${id} ${severity}`);
const standing = (id: string): RunState => ({
  ...NEW_RUN,
  alarms: [{id, severity: 'warning', subject: '', seen: '', remedy: '', since: at(0)}],
});

const boundary = {lsn: P, postmasterStart: 'then', timeline: 1, systemIdentifier: '7', capturedAt: at(0)};
const replica = (change: Partial<Extract<Reading, {probe: 'replica'}>>): Reading => ({
  at: at(1),
  probe: 'replica',
  inRecovery: true,
  paused: true,
  receiveLsn: P,
  replayLsn: P,
  postmasterStart: 'then',
  timeline: 1,
  backlogBytes: 0,
  ...change,
});

/** Two minutes of readings with 1 MB of WAL a minute: see `slots`. */
const growing = (safeWalBytes: number): Reading[] => Array.from({length: 20}, (_, n) => slots(n / 10, {safeWalBytes}));
const runway = (minutes: number): Reading => ({
  at: at(1),
  probe: 'runway',
  server: 'source',
  why: '',
  runway: {minutes, soonest: minutes / 2, latest: null, bytesPerSecond: 1e6, freeBytes: GB},
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
      due(1, [replica({replayLsn: parseLsn('16/B374D849')})], {...NEW_RUN, boundary}),
    ],
    [
      'for P, when the replica was restarted',
      ['boundary.moved critical'],
      due(1, [replica({postmasterStart: 'later'})], {...NEW_RUN, boundary}),
    ],
    [
      'for P, when the replica was promoted',
      ['boundary.moved critical'],
      due(1, [replica({inRecovery: false})], {...NEW_RUN, boundary}),
    ],
    ['not for P, while the replica stands', [], due(1, [replica({})], {...NEW_RUN, boundary})],
    [
      'not for P, once the run is done',
      [],
      due(1, [replica({replayLsn: parseLsn('17/1')})], {...NEW_RUN, boundary, status: 'done'}),
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

  test('for a disk that is full too soon, and worse the sooner', () => {
    expect(due(1, [runway(121)])).toEqual([]);
    const [warning] = due(1, [runway(100)]);
    expect(warning).toMatchObject({
      id: 'disk.runway:source',
      severity: 'warning',
      seen: 'full in 1.7 h (50 min to never), 1.0 GB free, 977 kB/s (warn 2.0 h)',
      remedy: expect.stringContaining('longhaul release'),
    });
    expect(idsOf(due(1, [runway(29)]))).toEqual(['disk.runway:source critical']);
  });

  test('for a disk that is full before the load is over, however far that is', () => {
    const readings: Reading[] = [
      {
        at: at(1),
        probe: 'runway',
        server: 'source',
        why: '',
        runway: {minutes: 600, soonest: 500, latest: 700, bytesPerSecond: 1e6, freeBytes: GB},
      },
      {
        at: at(1),
        probe: 'eta',
        eta: {
          bytesLeft: 1,
          bytesTotal: 2,
          bytesPerSecond: 1,
          loadMinutes: 500,
          soonest: 400,
          latest: 550,
          indexMinutes: 100,
        },
      },
    ];
    expect(due(1, readings).map(({seen}) => seen)).toEqual([expect.stringContaining('full in 10 h')]);
    expect(due(1, readings)[0]?.seen).toContain('the load ends in 11 h');
  });

  test('for a lane that moves nothing, but not for a paused one', () => {
    const running = {status: 'running', attempt: 1, lane: 1, folder: '', startedAt: at(0), paused: null} as const;
    const unit = {id: '01-events', kind: 'table', tables: [], bytes: GB, state: running} as const;
    const lanes = (minute: number, bytes: number): Reading => ({
      at: at(minute),
      probe: 'lanes',
      units: [{unit: '01-events', bytes, bytesPerSecond: null, rows: null, lastLine: null}],
    });
    const stalled = [lanes(0, 5), lanes(1, 6), lanes(11, 6)];
    expect(idsOf(due(11, stalled, {...NEW_RUN, units: [unit]}))).toEqual(['lane.stalled:01-events warning']);
    expect(due(11, [...stalled, lanes(11, 7)], {...NEW_RUN, units: [unit]})).toEqual([]);
    const paused = {...unit, state: {...running, paused: {since: at(1), by: 'ana'}}};
    expect(due(11, stalled, {...NEW_RUN, units: [paused]})).toEqual([]);
  });

  test('for a probe that has seen nothing for too long, with the server’s words', () => {
    const readings: Reading[] = [slots(0, {}), {at: at(1), probe: 'failed', of: 'slots', message: 'no answer'}];
    const look = {history: historyOf(readings), state: NEW_RUN, thresholds, nowMs: START + 120_000, sinceMs: START};
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

  const alarm: Alarm = {id: 'a', severity: 'warning', subject: '', seen: '', remedy: ''};
  const none = new Map<string, number>();

  test('nor is it raised twice, but for getting worse', () => {
    expect(changeAlarms([], [alarm], {quietSince: none, nowMs: 0}).raise).toEqual([alarm]);
    expect(changeAlarms([alarm], [{...alarm, seen: 'more'}], {quietSince: none, nowMs: 0}).raise).toEqual([]);
    const worse: Alarm = {...alarm, severity: 'critical'};
    expect(changeAlarms([alarm], [worse], {quietSince: none, nowMs: 0}).raise).toEqual([worse]);
    expect(changeAlarms([worse], [alarm], {quietSince: none, nowMs: 0}).raise).toEqual([]);
  });

  test('and it is cleared only after a quiet minute', () => {
    const first = changeAlarms([alarm], [], {quietSince: none, nowMs: 1000});
    expect(first.clear).toEqual([]);
    const again = changeAlarms([alarm], [alarm], {quietSince: first.quietSince, nowMs: 30_000});
    const quiet = changeAlarms([alarm], [], {quietSince: again.quietSince, nowMs: 60_000});
    expect(quiet.clear).toEqual([]);
    expect(changeAlarms([alarm], [], {quietSince: quiet.quietSince, nowMs: 119_999}).clear).toEqual([]);
    expect(changeAlarms([alarm], [], {quietSince: quiet.quietSince, nowMs: 120_000}).clear).toEqual(['a']);
  });
});

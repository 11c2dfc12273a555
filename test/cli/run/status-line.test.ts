import {describe, expect, test} from 'vitest';
import {formatStatusLine} from '../../../src/cli/run/status-line.ts';
import {lineFacts} from '../../../src/domain/reading/line-facts.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import type {Reading, SlotReading} from '../../../src/domain/reading/reading.ts';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import {NEW_RUN, type RunState} from '../../../src/domain/run/run-state.ts';
import {stateNamed} from '../../support/states.ts';
import {GB, slot as oneSlot} from '../../probes/judge/observed.ts';

const at = '2026-11-24T04:00:00.000Z';
const nowMs = Date.parse(at) + 2000;
const P = parseLsn('16/B374D848');
const slot = (name: string, retainedBytes: number): SlotReading => ({...oneSlot, name, retainedBytes, walStatus: null});
const readings: Reading[] = [
  {at, probe: 'slots', currentLsn: P, slots: [slot('dms_slot_02', GB), slot('dms_slot_01', 212 * GB)]},
  {
    at,
    probe: 'runway',
    server: 'source',
    why: '',
    runway: {minutes: 1140, soonest: 1000, latest: null, bytesPerSecond: 1, freeBytes: 1},
  },
  {
    at,
    probe: 'eta',
    eta: {
      bytesLeft: 1,
      bytesTotal: 2,
      bytesPerSecond: 1,
      loadMinutes: 420,
      why: '',
      soonest: 1,
      latest: 2,
      indexMinutes: null,
    },
  },
];
const eta = (why: 'lanes paused'): Reading => ({
  at,
  probe: 'eta',
  eta: {
    bytesLeft: 1,
    bytesTotal: 2,
    bytesPerSecond: 1,
    loadMinutes: null,
    why,
    soonest: null,
    latest: null,
    indexMinutes: null,
  },
});
const alarm = {id: 'a', severity: 'warning', subject: '', seen: '', remedy: '', since: at} as const;
const run: RunState = {...NEW_RUN, run: 'acme', status: 'running'};

const lost: Reading = {
  at,
  probe: 'slots',
  currentLsn: P,
  slots: [slot('dms_slot_01', 212 * GB), {...slot('dms_slot_02', 1), walStatus: 'lost', retainedBytes: null}],
};
const loaded = reduceAll(
  [
    {
      type: 'boundary.captured',
      boundary: {lsn: P, postmasterStart: 'then', timeline: 1, systemIdentifier: '7', capturedAt: at},
    } as const,
    {type: 'load.planned', boundary: P, units: [{id: 'a', kind: 'table', tables: [], bytes: 1}], lanes: 1} as const,
    {type: 'unit.started', unit: 'a', attempt: 1, lane: 1, folder: '/f'} as const,
    {type: 'unit.committed', unit: 'a', attempt: 1, rows: 3, bytes: 9, tookMs: 5} as const,
  ].map((event, index) => ({seq: index + 1, at, ...event})),
);
const moved = {message: '', remedy: '', unreachable: false};
const long = {...run, run: 'a-production-run-with-a-long-name'};

describe('status --line', () => {
  test.each<[string, RunState, boolean, readonly Reading[], number, string]>([
    [
      'names the worst slot, the runway and the end',
      run,
      true,
      readings,
      nowMs,
      'acme | running | dms_slot_01 212 GB | full 17 h | ETA 7.0 h',
    ],
    [
      'puts alarms first',
      {...run, alarms: [alarm]},
      true,
      readings.slice(0, 2),
      nowMs,
      '1 ALARM | acme | running | dms_slot_01 212 GB | full 17 h',
    ],
    [
      'lets the slot’s name go where there is no room',
      {...run, alarms: [alarm, {...alarm, severity: 'critical'}]},
      true,
      readings,
      nowMs,
      '1 CRITICAL | 1 ALARM | running | WAL 212 GB | full 17 h',
    ],
    [
      'lets what matters least go, never half of it',
      long,
      true,
      readings,
      nowMs,
      'running | WAL 212 GB | full 17 h | ETA 7.0 h',
    ],
    [
      'never lets danger go',
      {...long, boundaryMoved: moved, alarms: [alarm, {...alarm, severity: 'critical'}]},
      false,
      [lost, ...readings.slice(1)],
      nowMs,
      'P LOST | 1 CRITICAL | 1 ALARM | NO SUPERVISOR | 1 SLOT LOST',
    ],
    [
      'says that a step waits for an answer, whatever else has to go',
      {
        ...long,
        alarms: [alarm],
        steps: [{id: 'pause-replay', state: {status: 'waiting', since: at, question: 'Pause it?', actions: []}}],
      },
      true,
      readings,
      nowMs,
      '1 ALARM | WAITS FOR YOU | pause-replay waiting | full 17 h',
    ],
    [
      'says why there is no end to foretell',
      run,
      true,
      [readings[0] as Reading, eta('lanes paused')],
      nowMs,
      'acme | running | dms_slot_01 212 GB | ETA ? lanes paused',
    ],
    [
      'foretells no end of a load that is in',
      {...loaded, run: 'acme', status: 'done'},
      true,
      readings,
      nowMs,
      'acme | done | dms_slot_01 212 GB | full 17 h',
    ],
    [
      'names a server that does not answer',
      run,
      true,
      [...readings, {at: new Date(nowMs).toISOString(), probe: 'failed', of: 'target', message: 'connection refused'}],
      nowMs,
      'running | TARGET SILENT | WAL 212 GB | full 17 h | ETA 7.0 h',
    ],
    [
      'is never empty, however much is dangerous',
      {
        ...run,
        alarms: [
          {...alarm, severity: 'critical'},
          {...alarm, severity: 'critical'},
        ],
      },
      false,
      [
        ...readings,
        ...['slots', 'replica', 'target'].map((of): Reading => ({
          at: new Date(nowMs).toISOString(),
          probe: 'failed',
          of,
          message: 'no route',
        })),
      ],
      nowMs + 300_000,
      '2 CRITICAL | NO SUPERVISOR | SOURCE REPLICA TARGET SILENT',
    ],
    [
      'does not count an alarm that is over',
      {...run, alarms: [alarm]},
      true,
      [...readings, {at, probe: 'alarms', seen: {}}],
      nowMs,
      'acme | running | dms_slot_01 212 GB | full 17 h | ETA 7.0 h',
    ],
    [
      'says that the cutover was taken back, not that a step has failed and all is done',
      stateNamed('cutover taken back'),
      true,
      [],
      nowMs,
      'CUTOVER TAKEN BACK | acme | on the source',
    ],
    ['shows no old figures', run, true, readings, nowMs + 300_000, 'acme | running | probes 5 min OLD'],
    ['says that nobody watches', run, false, [], nowMs, 'acme | NO SUPERVISOR'],
    ['knows a run that has not begun', NEW_RUN, true, [], nowMs, 'no run | new'],
  ])('%s', (_, state, alive, seen, now, expected) => {
    const line = formatStatusLine(lineFacts(state, seen), {alive, nowMs: now});
    expect(line).toBe(expected);
    expect(line.length).toBeLessThanOrEqual(60);
  });
});

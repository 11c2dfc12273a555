import {describe, expect, test} from 'vitest';
import type {Reading, SlotReading} from '../../../src/domain/reading/reading.ts';
import type {RunState} from '../../../src/domain/run/run-state.ts';
import {drawMessage} from '../../../src/ui/draw/message.ts';
import {drawStatus} from '../../../src/ui/draw/status.ts';
import {drawRows} from '../../../src/ui/panes/draw-rows.ts';
import {SLOTS} from '../../../src/ui/panes/slots.ts';
import type {Line} from '../../../src/ui/screen/span.ts';
import {symbolsFor} from '../../../src/ui/screen/symbols.ts';
import {lineWidth} from '../../../src/ui/screen/width.ts';
import {hear, type Live, NOTHING_HEARD} from '../../../src/ui/store/live.ts';
import {firstView, toastOf} from '../../../src/ui/store/view.ts';
import {shownRows} from '../../../src/ui/panes/rows.ts';
import {statusView} from '../../../src/ui/view-model/status.ts';
import {readingsAt} from '../fixtures/acme-readings.ts';
import {FACTS, LOADING, LOADING_STATE, NOW} from '../fixtures/acme-run.ts';

const symbols = symbolsFor(false);
const textOf = (line: Line): string => line.map(({text}) => text).join('');

/** What a console has heard: the run of the tests with these changes. */
function live(change: {state?: Partial<RunState>; readings?: readonly Reading[]; since?: string} = {}): Live {
  const state = {...LOADING_STATE, ...change.state};
  const readings = change.readings ?? readingsAt(NOW);
  let heard = hear(hear(NOTHING_HEARD, {type: 'hello', protocol: 1, pid: 1, facts: FACTS}), {
    type: 'snapshot',
    state,
    events: LOADING,
    readings,
  });
  if (change.since !== undefined) heard = hear(heard, {type: 'lost', at: change.since, why: '', remedy: ''});
  return heard;
}

function header(of: Live, width = 80): string[] {
  const lines = drawStatus(statusView(of, NOW), {width, symbols, readOnly: false});
  for (const line of lines) expect(lineWidth(line)).toBe(width);
  return lines.map(textOf);
}

function withSlots(...slots: Partial<SlotReading>[]): Live {
  const readings = readingsAt(NOW).map((reading) =>
    reading.probe === 'slots'
      ? {...reading, slots: slots.map((slot, i) => ({...(reading.slots[i] as SlotReading), ...slot}))}
      : reading,
  );
  return live({readings});
}

const eta = (change: object): Live =>
  live({
    readings: readingsAt(NOW).map((reading) =>
      reading.probe === 'eta' ? {...reading, eta: {...reading.eta, ...change}} : reading,
    ),
  });

const moved = {message: 'replay was resumed', remedy: 'take a new P', unreachable: false};
const critical = {
  id: 'disk.runway:source',
  severity: 'critical',
  subject: 'disk of the source',
  seen: 'full in 20 min',
  remedy: 'make room',
  since: '2026-11-24T04:20:00.000Z',
} as const;

const asked = (): Partial<RunState> => ({
  steps: LOADING_STATE.steps.map((step) =>
    step.id === 'build-indexes'
      ? {...step, state: {status: 'waiting', since: '2026-11-24T04:00:00.000Z', question: 'Go on?', actions: []}}
      : step,
  ),
});

describe('the header', () => {
  test.each([60, 80, 100, 115, 200])('never loses what tells of danger, at %i columns', (width) => {
    const [top, bottom] = header(
      {
        ...live({
          state: {
            boundaryMoved: moved,
            alarms: [critical],
            status: 'stopped',
            run: 'a-run-with-a-very-long-name-indeed',
          },
          since: new Date(NOW - 300_000).toISOString(),
        }),
      },
      width,
    );
    expect(top).toContain('P IS LOST');
    expect(top).toContain('BLIND since 04:26:40');
    expect(bottom).toContain('full in 17 h');
    expect(top).toContain('1 critical');
  });

  test('says proved only while P is, and when it was proved last once change capture has begun', () => {
    expect(header(live(), 120)[0]).toContain('✓ proved ');
    const failure = {message: 'slot dms_slot_01 is gone', remedy: 'longhaul release', unreachable: false};
    const disproved = {boundaryProved: false, boundaryDisproved: failure};
    for (const width of [60, 80, 120]) {
      const [top] = header(live({state: disproved}), width);
      expect(top).toContain('NOT PROVED ANY MORE');
      expect(top).not.toContain('✓ proved');
    }
    const said = {
      cdcStarted: {at: '2026-11-24T04:00:00.000Z', by: 'ana'},
      lastProof: {at: '2026-11-23T21:10:00.000Z', slots: []},
    };
    expect(header(live({state: said}), 120)[0]).toContain('✓ proved 11-23 21:10, CDC has begun');
  });

  test('says how old the data is, also when the run is done', () => {
    const old = new Date(NOW - 3_600_000).getTime();
    const [, bottom] = header(live({state: {status: 'done'}, readings: readingsAt(old)}));
    expect(bottom).toContain('probes 60 min old');
  });

  test.each(['lanes paused', 'stalled', 'held', 'failed, waits for R'])(
    'gives no end of the load for old figures: %s',
    (why) => {
      for (const width of [80, 100, 200]) {
        const [, bottom] = header(eta({loadMinutes: null, why}), width);
        expect(bottom).toContain(`ETA ? (${why})`);
      }
    },
  );

  test('has the end of the load and of the indexes at every width from 80 on', () => {
    for (const width of [80, 90, 100, 110, 115, 120]) expect(header(eta({}), width)[1]).toContain('ETA 72 min');
    expect(header(eta({}), 120)[1]).toContain('+3 h 20 min idx');
  });

  test.each([60, 80, 100, 200])(
    'says in its first line that a step waits, at %i columns, whatever else is so',
    (width) => {
      const state = {...asked(), boundaryMoved: moved, alarms: [critical], run: 'a-run-with-a-very-long-name-indeed'};
      const since = new Date(NOW - 300_000).toISOString();
      expect(header(live({state, since}), width)[0]).toContain('WAITS FOR YOU');
      expect(header(live({state: asked()}), width)[0]).toContain('WAITS FOR YOU');
    },
  );

  test('says that a step has failed, and of failed units only how many', () => {
    expect(header(live())[0]).not.toContain('FAILED');
    const failure = {message: 'no route', remedy: 'see the net', unreachable: true};
    const failed = {status: 'failed', startedAt: '', endedAt: '', failure} as const;
    const steps = LOADING_STATE.steps.map((step) => (step.id === 'full-load' ? {...step, state: failed} : step));
    expect(header(live({state: {steps}}))[0]).toContain('STEP FAILED');
  });

  test.each([60, 80, 100, 200])('says at %i columns that change capture is to be started, and at which P', (width) => {
    const done = {status: 'done', units: [], lastProof: {at: '', slots: ['dms_slot_01']}} as const;
    const evidence = {...LOADING_STATE.evidence, 'resume-replay': {boundary: LOADING_STATE.boundary?.lsn ?? null}};
    const state = {...done, evidence} as unknown as Partial<RunState>;
    const toStart = 'start change capture at P 35FE3/B63D4718';
    expect(header(live({state}), width)[1]).toContain(toStart);
    const begun = {...state, cdcStarted: {at: '2026-11-24T04:00:00.000Z', by: 'ana'}};
    expect(header(live({state: begun}), width)[1]).not.toContain(toStart);
  });

  test('says that slots are lost, and that WAL is not known instead of 0', () => {
    const lost = {walStatus: 'lost', retainedBytes: null} as const;
    expect(header(withSlots(lost, {}))[1]).toContain('✗ 1 LOST');
    expect(header(withSlots({retainedBytes: null}))[1]).toContain('WAL · ?');
    expect(header(withSlots())[1]).toContain('WAL · 0 B');
    expect(header(NOTHING_HEARD)[1]).toContain('WAL not seen yet');
  });

  test('does not draw a trend before it is known', () => {
    expect(header(live())[1]).toContain('WAL · 212 GB');
  });
});

const message = (of: Live): string => {
  const view = firstView({columns: 120, rows: 40, readOnly: false});
  return textOf(drawMessage({live: of, view, nowMs: NOW, complete: String}, {width: 120, symbols}));
};

/** An alarm lasts, and a reading of that time has seen none. */
const withNone = (at: string): Live =>
  live({state: {alarms: [critical], steps: []}, readings: [{at, probe: 'alarms', seen: {}}]});

describe('the message line', () => {
  const waiting = {
    id: 'pause-replay',
    state: {status: 'waiting', since: '', question: 'Pause it?', actions: []},
  } as const;
  const failed = {
    id: 'full-load',
    state: {status: 'failed', startedAt: '', endedAt: '', failure: {message: 'boom', remedy: 'R', unreachable: false}},
  } as const;
  const warning = {...critical, severity: 'warning', subject: 'slot a'} as const;

  test.each<[string, Partial<RunState>, string]>([
    [
      'a lost P',
      {boundaryMoved: moved, alarms: [critical, warning], steps: [failed, waiting]},
      'P IS LOST, C takes a new one: repl',
    ],
    ['a critical alarm', {alarms: [warning, critical], steps: [failed, waiting]}, 'disk of the source full in 20 min'],
    ['a failure', {alarms: [warning], steps: [failed, waiting]}, 'full-load: boom'],
    ['what waits', {alarms: [warning], steps: [waiting]}, 'press c to answer: Pause it?'],
    ['a warning', {alarms: [warning], steps: []}, 'slot a full in 20 min'],
  ])('has %s before what is less, and counts that', (_, state, words) => {
    const said = message(live({state}));
    expect(said).toContain(words);
    const less = (state.alarms?.length ?? 0) + (state.steps?.length ?? 0) + (state.boundaryMoved == null ? 0 : 1) - 1;
    expect(/ {2}\+(\d+) more: f$/.exec(said)?.[1] ?? '0').toBe(String(less));
  });

  const silence: Reading = {
    at: '2026-11-24T04:00:09.000Z',
    probe: 'failed',
    of: 'slots',
    message: 'connection refused',
  };

  test('says which server does not answer before any alarm, and not once for each of its probes', () => {
    const stale = {...warning, id: 'probe.stale:slots'};
    const said = message(live({state: {alarms: [critical, stale], steps: []}, readings: [silence]}));
    expect(said).toMatch(/SOURCE DOES NOT ANSWER.*: connection refused/);
    expect(said).toMatch(/\+1 more: f$/);
  });

  test('says what to do where no supervisor lives', () => {
    const blind = {
      ...live(),
      link: {
        status: 'lost',
        since: '2026-11-24T04:00:00.000Z',
        why: 'connect ENOENT',
        remedy: 'longhaul run starts one',
      } as const,
    };
    // The remedy before all else: eighty columns end soon.
    expect(message(blind)).toMatch(
      /BLIND: longhaul run starts one\. Nothing here is younger than 04:00:00 UTC: connect ENOENT/,
    );
  });

  test('says of an alarm that is not seen any more that it is not', () => {
    expect(message(withNone(new Date(NOW).toISOString()))).toContain('is over (it was: full in 20 min)');
    // What was read before it was raised says nothing of it.
    expect(message(withNone('2026-11-24T04:19:59.000Z'))).toContain('disk of the source full in 20 min: make room');
  });

  test('shows what the operator did beside what is dangerous', () => {
    const view = {
      ...firstView({columns: 120, rows: 40, readOnly: false}),
      toast: toastOf('done', 'good'),
    };
    const of = live({state: {alarms: [critical], steps: []}});
    expect(textOf(drawMessage({live: of, view, nowMs: NOW, complete: String}, {width: 120, symbols}))).toMatch(
      /^ done .*full in 20 min/,
    );
  });

  test('has what is seen of an alarm now, not what was seen when it was raised', () => {
    const readings: Reading[] = [{at: '', probe: 'alarms', seen: {[critical.id]: 'full in 3 min'}}];
    expect(message(live({state: {alarms: [critical], steps: []}, readings}))).toContain('full in 3 min');
  });
});

test('a lost slot comes first and says so, at 80 columns as well; a foreign one is marked', () => {
  const of = withSlots(
    {name: 'a', retainedBytes: 9},
    {name: 'b', walStatus: 'lost', retainedBytes: null},
    {name: 'c', ours: false},
  );
  const view = firstView({columns: 80, rows: 24, readOnly: false});
  const rows = shownRows({live: of, nowMs: NOW, view, complete: String}, SLOTS);
  const canvas = {width: 80, height: 9, selected: null, focused: false, boxed: true, marks: new Set<string>(), symbols};
  const lines = drawRows(SLOTS, rows, canvas).lines.map(textOf);
  expect(lines[0]).toMatch(/slot .*retained .*growth .*status .*confirmed/);
  expect(lines[1]).toMatch(/✗ b .*LOST/);
  expect(lines[2]).toMatch(/○ c .*extended.*not ours/);
  expect(lines[3]).toContain('35FE3/463C2B08');
  expect(drawRows(SLOTS, rows, {...canvas, height: 3}).lines.map(textOf)[0]).toMatch(/✗ b .*LOST/);
});

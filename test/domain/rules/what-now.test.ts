import {describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import {NEW_RUN, type RunState} from '../../../src/domain/run/run-state.ts';
import {whatNow, whatNowAlone} from '../../../src/domain/rules/what-now.ts';
import {stateNamed} from '../../support/states.ts';
import {journal, LOADING, LOADING_STATE as WITH_ALARM} from '../../ui/fixtures/acme-run.ts';

const LOADING_STATE: RunState = {...WITH_ALARM, alarms: []};
const after = (...events: readonly RunEvent[]): RunState => ({
  ...reduceAll([...LOADING, ...journal(events, LOADING.length + 1)]),
  alarms: [],
});
const failure = {message: 'no route', remedy: 'see the net', unreachable: true};

/** Units that nobody has to do anything about. */
const going = LOADING_STATE.units.filter(
  ({state}) => state.status !== 'failed' && (state.status !== 'running' || state.paused === null),
);

describe('what now', () => {
  test('a run that has not begun begins with run', () => {
    expect(whatNow(NEW_RUN)).toEqual(['The run has not begun: longhaul run begins it.']);
  });

  test('a failed unit is named with its remedy, and not once more as its step', () => {
    const state = after({type: 'step.failed', step: 'full-load', failure});
    expect(whatNow(state)).toEqual([
      expect.stringMatching(/^Unit 05-users has failed: .*, then R$/),
      expect.stringMatching(
        /^1 lane is paused since 2026-11-24 \d\d:\d\d UTC by ana@jump1 \(console\): longhaul resume --all lets it go on$/,
      ),
    ]);
  });

  test('units that want the same are one thing to do, and only a few of them are named', () => {
    const [one] = LOADING_STATE.units.filter(({state}) => state.status === 'failed');
    if (one?.state.status !== 'failed') throw new Error('a failed unit is missing');
    const {state} = one;
    const withRemedy = (id: string, remedy: string): typeof one => ({
      ...one,
      id,
      state: {...state, failure: {...state.failure, remedy}},
    });
    const same = ['a', 'b', 'c', 'd'].map((name) =>
      withRemedy(`unit-${name}`, `nothing of it was committed; longhaul retry unit-${name} loads it again`),
    );
    const units = [...same, withRemedy('unit-e', 'make room on the target')];
    expect(whatNow({...LOADING_STATE, units})).toEqual([
      '4 units have failed (unit-a, unit-b, unit-c and 1 more): nothing of it was committed; longhaul retry --all loads it again',
      'Unit unit-e has failed: make room on the target',
    ]);
  });

  test('a step that waits says its question and the command', () => {
    const state = after({type: 'step.waiting', step: 'strip-target', question: 'Strip it?', actions: []});
    expect(whatNow(state)).toContain(
      'strip-target waits for an answer: Strip it? If so: longhaul confirm strip-target acme-prod',
    );
  });

  test('a load that is held says how it is let go', () => {
    expect(whatNow(after({type: 'load.held', by: 'ana'}))).toContainEqual(
      expect.stringContaining('longhaul resume --start'),
    );
  });

  test('a failed step is run again once its remedy is done', () => {
    const units = LOADING_STATE.units.filter(({state}) => state.status === 'committed');
    const state = {...after({type: 'step.failed', step: 'compare-rows', failure}), units};
    expect(whatNow(state)).toEqual(['Step compare-rows has failed: see the net; then longhaul run']);
  });

  test('a lost P is the first thing', () => {
    const lost = {message: 'the replica was restarted', remedy: 'longhaul run begins again', unreachable: false};
    expect(whatNow(after({type: 'boundary.moved', failure: lost}))[0]).toBe('P is lost: longhaul run begins again');
  });

  test('a run that is given up says that a new one has a new P', () => {
    expect(whatNow(after({type: 'run.aborted', by: 'ana', evidence: {}}))).toEqual([
      expect.stringContaining('a new P'),
    ]);
  });

  test('while all goes well there is nothing to do', () => {
    expect(whatNow({...LOADING_STATE, units: going})).toEqual(['Nothing: full-load is at work.']);
  });

  test('without a supervisor nothing is at work, whatever the journal says, unless all is over', () => {
    expect(whatNowAlone({...LOADING_STATE, units: going})).toEqual([
      'No step goes on and nothing is watched without a supervisor: longhaul run starts one.',
    ]);
    expect(whatNowAlone(LOADING_STATE)[1]).toMatch(/^Unit 05-users has failed/);
    const aborted = after({type: 'run.aborted', by: 'ana', evidence: {}});
    expect(whatNowAlone(aborted)).toEqual(whatNow(aborted));
    expect(whatNowAlone(NEW_RUN)).toEqual(whatNow(NEW_RUN));
  });

  test('a run that is done says to start change capture, at which P, on which slots, and to say so', () => {
    const state: RunState = {
      ...LOADING_STATE,
      status: 'done',
      units: LOADING_STATE.units.filter(({state: unit}) => unit.status === 'committed'),
      steps: LOADING_STATE.steps.map(({id}) => ({
        id,
        state: {status: 'done', startedAt: '', endedAt: '', evidence: {}, already: false},
      })),
      lastProof: {at: '2026-11-24T04:00:00.000Z', slots: ['dms_slot_01', 'dms_slot_02']},
    };
    expect(whatNow(state)).toEqual([
      'Start change capture at P 35FE3/B63D4718 on dms_slot_01, dms_slot_02; once it reads them: longhaul cdc-started --yes acme-prod',
    ]);
    expect(whatNow({...state, cdcStarted: {at: '', by: 'ana'}})).toEqual([
      'Nothing: the load is done and change capture has begun.',
    ]);
  });
});

const alarm = (
  id: string,
  severity: 'warning' | 'critical',
  since = '2026-11-24T04:00:00.000Z',
): RunState['alarms'][number] => ({
  id,
  severity,
  subject: `what ${id} is about`,
  seen: 'is not well',
  remedy: 'mend it',
  since,
});

describe('what now, while an alarm is raised', () => {
  const failedStep = {status: 'failed', startedAt: '', endedAt: '', failure} as const;
  const unfinishedStep = {...failedStep, unfinished: true} as const;
  const late = alarm('cdc.late:lh_01', 'warning');
  const full = alarm('disk.runway:source', 'critical', '2026-11-24T04:10:00.000Z');
  const quiet: RunState = {...LOADING_STATE, units: going};
  const LATE = 'ALARM: what cdc.late:lh_01 is about is not well: mend it';
  const FULL = 'CRITICAL: what disk.runway:source is about is not well: mend it';

  test('nothing is quiet: the gravest is named with its remedy, and how many more there are', () => {
    expect(whatNow({...quiet, alarms: [late]})).toEqual([LATE]);
    expect(whatNow({...quiet, alarms: [late, full]})).toEqual([`${FULL}; 1 more alarm is raised: longhaul status`]);
    const older = alarm('cdc.down:lh_01', 'critical');
    expect(whatNow({...quiet, alarms: [late, full, older]})).toEqual([
      'CRITICAL: what cdc.down:lh_01 is about is not well: mend it; 2 more alarms are raised: longhaul status',
    ]);
  });

  test('a server that does not answer is told at once, and by its alarm not once more', () => {
    const nowMs = Date.parse('2026-11-24T04:00:42.000Z');
    const silent = [{server: 'target' as const, since: '2026-11-24T04:00:00.000Z', message: 'ECONNREFUSED'}];
    const away = (ms: number) => whatNow(quiet, {silent, nowMs: nowMs + ms});
    expect(whatNow(quiet, {silent: [], nowMs})).toEqual(whatNow(quiet));
    const words =
      'The target has not answered for 42 s: ECONNREFUSED. See that it is up and reachable: what waits for it goes on by itself once it answers.';
    expect(away(0)).toEqual([words]);
    expect(away(600_000)).toEqual([expect.stringMatching(/^The target has not answered for 11 min: /)]);
    const never = [{server: 'replica' as const, since: null, message: 'no route'}];
    expect(whatNow(quiet, {silent: never, nowMs})[0]).toMatch(/^The replica has not answered yet: no route\. /);
    const stale = alarm('probe.stale:target', 'warning');
    expect(whatNow({...quiet, alarms: [stale]}, {silent, nowMs})).toEqual([words]);
    const others = [stale, alarm('probe.stale:slots', 'critical'), late];
    expect(whatNow({...quiet, alarms: others}, {silent, nowMs})).toEqual([
      words,
      'CRITICAL: what probe.stale:slots is about is not well: mend it; 1 more alarm is raised: longhaul status',
    ]);
    // What waits for the operator comes first.
    const failed = {...quiet, steps: quiet.steps.map((step, at) => (at === 0 ? {...step, state: failedStep} : step))};
    expect(whatNow(failed, {silent, nowMs})).toEqual([expect.stringMatching(/^Step preflight has failed/), words]);
    expect(whatNowAlone({...quiet, alarms: []})).toHaveLength(1);
  });

  test.each(['caught up', 'change capture begun'] as const)('also of a run that is done: %s', (name) => {
    const done = stateNamed(name);
    expect(whatNow({...done, alarms: []})[0]).toMatch(/^Nothing/);
    expect(whatNow({...done, alarms: [late]})).toEqual([LATE]);
    expect(whatNowAlone({...done, alarms: [late]}).slice(1)).toEqual([LATE]);
  });

  test('behind a hand-over what leads back is said beside it', () => {
    const handed = stateNamed('handed over');
    expect(whatNow({...handed, alarms: []})).toEqual([expect.stringMatching(/^Nothing: the run was handed over/)]);
    expect(whatNow({...handed, alarms: [late]})).toEqual([
      LATE,
      expect.stringMatching(/^The run was handed over .* longhaul clean-up/),
    ]);
  });

  test('a critical one comes before what waits for the operator, another behind it', () => {
    const asked = {
      ...after({type: 'step.waiting', step: 'strip-target', question: 'Strip it?', actions: []}),
      units: going,
    };
    expect(whatNow({...asked, alarms: [full]})).toEqual([FULL, expect.stringContaining('longhaul confirm')]);
    expect(whatNow({...asked, alarms: [late]})).toEqual([expect.stringContaining('longhaul confirm'), LATE]);
  });

  test('what is told anyway is not told twice, nor what is over, or good news', () => {
    const failed = alarm('unit.failed:consumer:x', 'warning');
    expect(whatNow({...LOADING_STATE, alarms: [failed]})).toEqual(whatNow(LOADING_STATE));
    expect(whatNow({...quiet, alarms: [{...late, over: true} as never]})).toEqual(whatNow(quiet));
    expect(whatNow({...quiet, alarms: [alarm('run.done', 'warning')]})).toEqual(whatNow(quiet));
    const lost = {message: 'gone', remedy: 'longhaul release', unreachable: false};
    const gone = alarm('slot.gone:lh_01', 'critical');
    expect(whatNow({...quiet, boundaryDisproved: lost, alarms: [gone]})).toEqual([
      'P is no longer proved: longhaul release',
    ]);
    const unproved = {...quiet, lastProof: null, alarms: [gone]};
    expect(whatNow(unproved)[0]).toMatch(/^CRITICAL: what slot\.gone/);
    // A proof that came later has found it there again; one from before has not.
    const proved = (at: string): RunState => ({...unproved, lastProof: {at, slots: ['lh_01']}});
    expect(whatNow(proved('2026-11-24T03:59:00.000Z'))).toEqual(whatNow(unproved));
    expect(whatNow(proved('2026-11-24T04:01:00.000Z'))).toEqual(whatNow(quiet));
  });

  test('a cutover that was taken back is said once, and what else is wrong beside it', () => {
    const taken = stateNamed('cutover taken back');
    const told = [alarm('cutover.taken-back', 'warning'), alarm('step.failed:drain', 'critical')];
    expect(whatNow({...taken, alarms: told})).toEqual([expect.stringMatching(/^The cutover was taken back/)]);
    const again: RunState = {
      ...taken,
      steps: taken.steps.map((step) => (step.id === 'start-cdc' ? {...step, state: failedStep} : step)),
      alarms: [alarm('step.failed:start-cdc', 'critical')],
    };
    expect(whatNow(again)).toEqual([
      expect.stringMatching(/^CRITICAL: what step\.failed:start-cdc/),
      expect.stringMatching(/^The cutover was taken back/),
    ]);
  });

  test('a step that has left what was accepted since is told by its alarm, for nothing else tells of it', () => {
    const left: RunState = {
      ...quiet,
      steps: quiet.steps.map((step) => (step.id === 'build-indexes' ? {...step, state: unfinishedStep} : step)),
      alarms: [alarm('step.failed:build-indexes', 'warning')],
    };
    expect(whatNow(left)).toEqual([expect.stringMatching(/^ALARM: what step\.failed:build-indexes/)]);
    // One that is over is in the journal for a moment more.
    expect(whatNow({...left, steps: quiet.steps})).toEqual(whatNow(quiet));
  });

  test('a run that is over has none', () => {
    const over = {...stateNamed('handed over'), evidence: {'clean-up': {} as never}, alarms: [full]};
    expect(whatNow(over)).toEqual([expect.stringMatching(/^Nothing: the run was handed over/)]);
  });
});

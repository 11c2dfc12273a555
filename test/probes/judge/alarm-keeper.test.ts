import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import type {Alarm} from '../../../src/domain/reading/alarm.ts';
import {withConfig} from '../../../src/cli/say.ts';
import {reduce} from '../../../src/domain/run/reduce.ts';
import {NEW_RUN, type RunState} from '../../../src/domain/run/run-state.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {createAlarmKeeper} from '../../../src/probes/judge/alarm-keeper.ts';

const warning: Alarm = {id: 'slot.cap:a', severity: 'warning', subject: 'slot a', seen: 'soon', remedy: 'act'};
const critical: Alarm = {...warning, severity: 'critical'};

/** A keeper over a run in memory, with its own clock, whose script writes down what it is told. */
function keeping(script: string) {
  const clock = {nowMs: 0};
  const journal = {full: false};
  let state: RunState = NEW_RUN;
  const events: RunEvent[] = [];
  const troubles: (string | null)[] = [];
  const keeper = createAlarmKeeper(
    {
      run: 'acme',
      steady: () => clock.nowMs,
      state: () => state,
      record: async (event) => {
        if (journal.full) throw new Error('ENOSPC');
        events.push(event);
        state = reduce(state, {...event, seq: state.seq + 1, at: new Date(clock.nowMs).toISOString()});
      },
      alarmCommand: ['sh', '-c', script],
      complete: (text) => withConfig({configPath: '/etc/acme.yaml'}, text),
      env: {PATH: process.env['PATH']},
    },
    (why) => troubles.push(why),
    1,
  );
  return {keeper, clock, journal, events, troubles};
}

test('an alarm is raised once, again when it gets worse, and cleared after a quiet minute; the script hears each', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lh-alarm-'));
  const told = join(folder, 'told');
  const {keeper, clock, events, troubles} = keeping(
    `echo "$LONGHAUL_ALARM_RUN $LONGHAUL_ALARM_STATE $LONGHAUL_ALARM_ID $LONGHAUL_ALARM_SEVERITY" >> ${told}`,
  );
  for (const [second, due] of [
    [0, [warning]],
    [2, [warning]],
    [4, [critical]],
    [6, [warning]],
    [8, []],
    [30, [warning]],
    [40, []],
    [99, []],
    [100, []],
    [102, []],
  ] as const) {
    clock.nowMs = second * 1000;
    await keeper.keep(due);
  }
  await keeper.settled();
  expect(events.map((event) => event.type)).toEqual(['alarm.raised', 'alarm.raised', 'alarm.cleared']);
  expect(readFileSync(told, 'utf8').trimEnd().split('\n')).toEqual([
    'acme raised slot.cap:a warning',
    'acme raised slot.cap:a critical',
    'acme cleared slot.cap:a critical',
  ]);
  expect(troubles).toEqual([null, null, null]);
  rmSync(folder, {recursive: true});
});

test('whoever is paged reads a command that can be typed anywhere: with the configuration of the run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lh-alarm-'));
  const told = join(folder, 'told');
  const {keeper, events} = keeping(`echo "$LONGHAUL_ALARM_REMEDY" >> ${told}`);
  await keeper.keep([{...warning, remedy: 'longhaul retry 01-users'}]);
  await keeper.settled();
  expect(readFileSync(told, 'utf8')).toBe('longhaul --config /etc/acme.yaml retry 01-users\n');
  // The journal has no configuration: it is read by commands that have their own.
  expect(events).toMatchObject([{alarm: {remedy: 'longhaul retry 01-users'}}]);
  rmSync(folder, {recursive: true});
});

test('a journal that takes nothing keeps no page back, nor lets one go out twice; what it missed it gets later', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lh-alarm-'));
  const told = join(folder, 'told');
  const {keeper, clock, journal, events} = keeping(
    `echo "$LONGHAUL_ALARM_STATE $LONGHAUL_ALARM_ID $LONGHAUL_ALARM_SEVERITY" >> ${told}`,
  );
  const other: Alarm = {...warning, id: 'slot.cap:b'};
  journal.full = true;
  for (const due of [
    [warning, other],
    [warning, other],
    [critical, other],
  ]) {
    clock.nowMs += 2000;
    await expect(keeper.keep(due)).rejects.toThrow('ENOSPC');
  }
  journal.full = false;
  await keeper.keep([critical, other]);
  await keeper.keep([critical, other]);
  journal.full = true;
  await keeper.keep([critical]);
  for (const second of [80, 90]) {
    clock.nowMs = second * 1000;
    await expect(keeper.keep([critical])).rejects.toThrow('ENOSPC');
  }
  journal.full = false;
  await keeper.keep([critical]);
  await keeper.settled();
  expect(readFileSync(told, 'utf8').trimEnd().split('\n')).toEqual([
    'raised slot.cap:a warning',
    'raised slot.cap:b warning',
    'raised slot.cap:a critical',
    'cleared slot.cap:b warning',
  ]);
  expect(events).toEqual([
    {type: 'alarm.raised', alarm: critical},
    {type: 'alarm.raised', alarm: other},
    {type: 'alarm.cleared', id: 'slot.cap:b'},
  ]);
  rmSync(folder, {recursive: true});
});

test('a page that did not go out is tried again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lh-alarm-'));
  const {keeper, troubles} = keeping(
    `cd ${folder}; [ -e came ] || { touch came; echo busy >&2; exit 1; }; echo out > out`,
  );
  await keeper.keep([warning]);
  await keeper.settled();
  expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('out\n');
  expect(troubles).toEqual(['alarms.command: it ended with 1: busy', null]);
  rmSync(folder, {recursive: true});
});

test('a script that fails keeps no alarm from the journal, and that it fails is known', async () => {
  const {keeper, events, troubles} = keeping('echo no route to the pager >&2; exit 7');
  await keeper.keep([warning]);
  await keeper.settled();
  expect(events).toEqual([{type: 'alarm.raised', alarm: warning}]);
  expect(new Set(troubles)).toEqual(new Set(['alarms.command: it ended with 7: no route to the pager']));
});

test('an alarm that comes and goes is not told each time: what it has to stay away for doubles', async () => {
  const {keeper, clock, events} = keeping('true');
  // Three minutes there, three minutes away.
  for (let minute = 0; minute < 30; minute += 1) {
    clock.nowMs = minute * 60_000;
    await keeper.keep(minute % 6 < 3 ? [warning] : []);
  }
  expect(events.map(({type}) => type)).toEqual([
    'alarm.raised',
    'alarm.cleared',
    'alarm.raised',
    'alarm.cleared',
    'alarm.raised',
  ]);
});

import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import type {Alarm} from '../../src/domain/alarm.ts';
import {reduce} from '../../src/domain/reduce.ts';
import {NEW_RUN, type RunState} from '../../src/domain/run-state.ts';
import type {RunEvent} from '../../src/domain/event.ts';
import {createAlarmKeeper} from '../../src/probes/alarm-keeper.ts';

const warning: Alarm = {id: 'slot.cap:a', severity: 'warning', subject: 'slot a', seen: 'soon', remedy: 'act'};
const critical: Alarm = {...warning, severity: 'critical'};

/** A keeper over a run in memory, with its own clock, whose script writes down what it is told. */
function keeping(script: string) {
  const clock = {nowMs: 0};
  let state: RunState = NEW_RUN;
  const events: RunEvent[] = [];
  const troubles: (string | null)[] = [];
  const keeper = createAlarmKeeper(
    {
      run: 'acme',
      now: () => clock.nowMs,
      state: () => state,
      record: async (event) => {
        events.push(event);
        state = reduce(state, {...event, seq: state.seq + 1, at: new Date(clock.nowMs).toISOString()});
      },
      alarmCommand: ['sh', '-c', script],
      env: {PATH: process.env['PATH']},
    },
    (why) => troubles.push(why),
  );
  return {keeper, clock, events, troubles};
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

test('a script that fails keeps no alarm from the journal, and that it fails is known', async () => {
  const {keeper, events, troubles} = keeping('echo no route to the pager >&2; exit 7');
  await keeper.keep([warning]);
  await keeper.settled();
  expect(events).toEqual([{type: 'alarm.raised', alarm: warning}]);
  expect(troubles).toEqual(['alarms.command: it ended with 7: no route to the pager']);
});

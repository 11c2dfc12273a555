import {expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import {consoleOnScreen} from './console-on-screen.ts';
import {journal, LOADING_STATE, NOW} from '../fixtures/acme-run.ts';

const critical: Extract<RunEvent, {type: 'alarm.raised'}> = {
  type: 'alarm.raised',
  alarm: {
    id: 'disk.runway:source',
    severity: 'critical',
    subject: 'disk of the source',
    seen: 'full in 20 min',
    remedy: 'X releases the slots',
  },
};
const bells = (written: string): number => written.split('\u0007').length - 1;

test('a refusal is read in peace, however seldom the screen is refreshed, and goes away afterwards', async () => {
  const console = await consoleOnScreen({reply: () => ({ok: false, message: 'no', remedy: 'ask ana'})});
  console.type('----');
  await console.waitFor('refreshed every 5000 ms');
  console.pass(9750);
  console.type('jp');
  await console.waitFor('refused: no. ask ana');
  console.pass(500);
  await console.waitFor('refused: no. ask ana');
  console.pass(5000);
  await console.waitFor('refused: no. ask ana');
  console.pass(5000);
  await console.waitForNo('refused: no. ask ana');
});

test('a clock that is set back stops neither the screen nor a message', async () => {
  const console = await consoleOnScreen();
  console.type('y');
  await console.waitFor('copied');
  console.pass(500);
  console.setBack(3_600_000);
  console.happen({
    type: 'load.planned',
    boundary: LOADING_STATE.boundary?.lsn ?? ('0/1' as never),
    units: [],
    lanes: 1,
  });
  await console.waitFor('nothing to load yet');
  console.pass(20_000);
  await console.waitForNo('copied');
});

test('an alarm rings once and is said; one that came while there was no connection as well', async () => {
  const console = await consoleOnScreen();
  console.happen(critical);
  await console.waitFor('ALARM disk of the source full in 20 min');
  expect(bells(console.written())).toBe(1);
  console.happen({type: 'alarm.cleared', id: 'disk.runway:source'});
  await console.waitForNo('1 critical');
  console.say({type: 'lost', at: new Date(NOW).toISOString(), why: 'closed', remedy: 'x'});
  const entries = journal([critical], LOADING_STATE.seq + 10);
  const state = {...reduceAll(entries, LOADING_STATE), seq: LOADING_STATE.seq + 10};
  console.say({type: 'snapshot', state, events: entries, readings: []});
  await console.waitFor('1 critical');
  expect(bells(console.written())).toBe(2);
  console.say({type: 'snapshot', state, events: entries, readings: []});
  console.pass(500);
  expect(bells(console.written())).toBe(2);
});

test('an alarm that is over is called by its subject, and nothing is left to do about it', async () => {
  const console = await consoleOnScreen();
  console.type('f');
  const remedy = 'let the load end, or give the source more disk';
  await console.waitFor(remedy);
  console.say({type: 'reading', reading: {at: new Date(NOW).toISOString(), probe: 'alarms', seen: {}}});
  console.pass(500);
  expect(await console.waitFor('slot dms_slot_01: is over')).not.toContain(remedy);
  console.happen({type: 'alarm.cleared', id: 'slot.retained:dms_slot_01'});
  await console.waitFor('alarm over: slot dms_slot_01');
});

test('an alarm that is over does not take the words of one that has just come', async () => {
  const console = await consoleOnScreen();
  console.happen(critical, {type: 'alarm.cleared', id: 'slot.retained:dms_slot_01'});
  const screen = await console.waitFor('ALARM disk of the source');
  expect(screen).not.toContain('alarm over');
});

test('what has just been said leaves room for what is dangerous, on a narrow screen as well', async () => {
  const console = await consoleOnScreen();
  console.happen(critical);
  console.pass(30_000);
  await console.waitFor('✗ disk of the source full in 20 min');
  console.type('y');
  const row = (await console.waitFor('copied')).split('\n').at(-2);
  expect(row).toMatch(/^ copied \d+ .*✗ disk of the source/);
});

test('a supervisor that refuses this console, or hangs, is told of with what to do', async () => {
  const console = await consoleOnScreen({silent: true, columns: 160, rows: 40});
  console.say({
    type: 'refused',
    message: 'the supervisor speaks protocol 2, this client 1',
    remedy: 'use its own longhaul',
  });
  await console.waitFor('refuses this console: the supervisor speaks protocol 2, this client 1; use its own longhaul');
  console.type('c');
  await console.waitFor('confirm: the supervisor refuses this console; use its own longhaul');
  const other = await consoleOnScreen({columns: 160, rows: 40});
  other.say({
    type: 'lost',
    at: new Date(NOW).toISOString(),
    why: 'the supervisor does not answer',
    remedy: 'kill -9 it',
  });
  const screen = await other.waitFor('BLIND: kill -9 it.');
  expect(screen).toContain('the supervisor does not answer. Lanes run, nothing is watched');
  expect(screen).not.toContain('✓ proved');
});

test('a supervisor that has ended takes no more orders, and a key says so', async () => {
  const console = await consoleOnScreen({columns: 120, rows: 40});
  console.happen({type: 'supervisor.stopped', reason: 'asked to'});
  console.type('jp');
  await console.waitFor('pause: the supervisor has ended: longhaul run starts it again');
  expect(console.orders).toEqual([]);
});

test('what was changed under the supervisor is said when the console is opened', async () => {
  const console = await consoleOnScreen({notice: 'longhaul.yaml was changed: load.lanes; longhaul run'});
  await console.waitFor('longhaul.yaml was changed: load.lanes; longhaul run');
  console.pass(29_000);
  await console.waitFor('longhaul.yaml was changed');
  console.pass(2000);
  await console.waitForNo('longhaul.yaml was changed');
});

test('whatever command is advised carries the configuration that the console was given: it can be copied', async () => {
  const remedy = 'longhaul retry 03-public.audit_log tries it again';
  const console = await consoleOnScreen({config: '/etc/acme.yaml', columns: 160, rows: 40});
  console.happen({...critical, alarm: {...critical.alarm, remedy}});
  const whole = 'longhaul --config /etc/acme.yaml retry 03-public.audit_log';
  const row = (await console.waitFor(`ALARM disk of the source full in 20 min: ${whole}`)).split('\n').at(-2);
  // An alarm that has just come is said, and not once more beside itself.
  expect(row?.match(/full in 20 min/g)).toHaveLength(1);
  console.pass(30_000);
  await console.waitFor(`✗ disk of the source full in 20 min: ${whole}`);
  console.type('f');
  await console.waitFor(`do       ${whole}`);
  console.type('y');
  await console.waitFor('copied');
  expect(console.copied()).toContain(whole);
  console.type('\u001b');
  await console.waitFor('2 Lanes');
  console.type('X');
  await console.waitFor('longhaul --config /etc/acme.yaml run makes new slots');
});

import {expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import {DMS_STEPS} from '../../support/dms-steps.ts';
import {consoleAt, consoleOnScreen} from './console-on-screen.ts';
import {journal, LOADING, NOW} from '../fixtures/acme-run.ts';

const WAITING: readonly RunEvent[] = [
  {type: 'run.started', run: 'acme-prod', version: '0.1.0', steps: DMS_STEPS},
  {type: 'supervisor.started', pid: 4242, bootId: 'b'},
  {type: 'step.started', step: 'pause-replay'},
  {
    type: 'step.waiting',
    step: 'pause-replay',
    question: 'Run pause-replay: pause replay on the replica?',
    actions: ['replica: SELECT pg_wal_replay_pause()'],
  },
];

test("c shows what the waiting step runs and where, and wants the run's name", async () => {
  const console = await consoleAt(WAITING);
  await console.waitFor('press c to answer');
  console.type('c');
  const dialog = await console.waitFor('replica: SELECT pg_wal_replay_pause()');
  expect(dialog).toContain('db1-maint.internal:5432/app as longhaul');
  expect(dialog).toContain('what pause-replay is for');
  console.type('acme-pro\r');
  await console.waitFor('that is not it');
  expect(console.orders).toEqual([]);
  console.type('d\r');
  await console.waitFor('confirm-step done');
  expect(console.orders).toEqual([{type: 'confirm-step', step: 'pause-replay', typed: 'acme-prod'}]);
});

test('C asks before the steps go on after a failure; Enter is no answer, y is', async () => {
  const console = await consoleAt([
    ...WAITING.slice(0, 3),
    {
      type: 'step.failed',
      step: 'pause-replay',
      failure: {message: 'no route', remedy: 'check the net', unreachable: true},
    },
  ]);
  await console.waitFor('pause-replay: no route. check the net');
  console.type('C');
  await console.waitFor('Continue? y/N');
  console.type('\r');
  await console.waitFor('press y or n');
  console.type('n');
  await console.waitForNo('Continue? y/N');
  expect(console.orders).toEqual([]);
  console.type('C');
  await console.waitFor('Continue? y/N');
  console.type('y');
  await console.waitFor('continue done');
});

test('what was typed ahead does not answer a question that nobody has seen', async () => {
  const console = await consoleAt([
    ...WAITING.slice(0, 3),
    {type: 'step.failed', step: 'pause-replay', failure: {message: 'no route', remedy: 'check', unreachable: true}},
  ]);
  console.type('Cy');
  await console.waitFor('Continue? y/N');
  expect(console.orders).toEqual([]);
});

test('the palette pauses replay after y, and resumes it only by name', async () => {
  const console = await consoleAt(WAITING);
  console.type(':pause replay on\r');
  await console.waitFor('engine’s plan of pause-replay');
  console.type('y');
  await console.waitFor('pause-replay done');
  const entries = journal([{type: 'replay.paused', by: 'ana'}], WAITING.length + 1);
  for (const entry of entries) console.say({type: 'event', entry});
  console.pass(500);
  console.type(':resume replay\r');
  await console.waitFor('engine’s plan of resume-replay');
  console.type('acme-prod\r');
  await console.waitFor('resume-replay done');
});

test('the palette ends the supervisor, with its lanes or without', async () => {
  const console = await consoleAt(WAITING);
  console.type(':keep lanes\r');
  await console.waitFor('End the supervisor');
  console.type('acme-prod\r');
  await console.waitFor('shutdown done');
  console.type(':supervisor and lanes\r');
  await console.waitFor('cancel 0 lanes');
  console.type('acme-prod\r');
  await console.waitFor('shutdown done');
  expect(console.orders).toEqual([
    {type: 'shutdown', lanes: false},
    {type: 'shutdown', lanes: true},
  ]);
});

test('X shows what a release frees and loses, and drops the slots once the run’s name is typed', async () => {
  const console = await consoleOnScreen({columns: 100, rows: 40});
  console.type('X');
  await console.waitFor('drop the slots of this run');
  const screen = await console.waitFor('replica: engine’s plan of release');
  expect(screen).toContain('source db1.internal:5432/app as longhaul');
  expect(screen).toContain('P 35FE3/B63D4718: no change after it reaches the target; 5 lanes are ended');
  expect(screen).toMatch(/slots +dms_slot_01, dms_slot_02/);
  expect(screen).not.toContain("'warehouse'");
  console.type('y\r');
  await console.waitFor('that is not it');
  console.type('\u0015acme-prod\r');
  await console.waitFor('release done');
  expect(console.orders).toEqual([{type: 'release', typed: 'acme-prod', endReaders: false, resumeReplay: false}]);
});

test('that change capture has begun is said by the run’s name, and not before the load is over', async () => {
  const early = await consoleOnScreen({columns: 100, rows: 40});
  early.type(':change capture\r');
  await early.waitFor('change capture cannot have begun');
  const console = await consoleAt([
    ...LOADING,
    {type: 'boundary.proved', evidence: {}, slots: ['dms_slot_01', 'dms_slot_02']},
    {type: 'step.done', step: 'resume-replay', evidence: {boundary: parseLsn('35FE3/B63D4718')}, already: false},
    {type: 'run.done'},
  ]);
  console.type(':change capture\r');
  const screen = await console.waitFor('what anybody else consumes is');
  expect(screen).toContain('dms_slot_01, dms_slot_02');
  console.type('acme-prod\r');
  await console.waitFor('cdc-started done');
  expect(console.orders).toEqual([{type: 'cdc-started', typed: 'acme-prod'}]);
});

test('what differs is accepted from the palette once the run’s name is typed; while nothing differs it says so', async () => {
  const console = await consoleOnScreen({columns: 100, rows: 40});
  console.type(':accept what differs\r');
  await console.waitFor('no difference is left to accept');
  const object = 'index public.users_email';
  const found = {object, differs: 'is not there', why: 'Key (email)=(u7) is duplicated', query: null, remedy: 'r'};
  console.happen({type: 'differences.found', step: 'build-indexes', differences: [found]});
  console.type(':accept what differs\r');
  const screen = await console.waitFor('Accept what differs');
  expect(screen).toContain('index public.users_email is not there: Key (email)=(u7) is duplicated');
  console.type('acme-prod\r');
  await console.waitFor('accept-differences done');
  expect(console.orders).toEqual([{type: 'accept-differences', objects: [object], typed: 'acme-prod'}]);
});

test('ctrl-r turns every key off that changes something, and on again', async () => {
  const console = await consoleOnScreen();
  console.type('\u0012jp');
  await console.waitFor('pause: read-only: ctrl-r ends it');
  await console.waitFor(' RO ');
  console.type('\u0012p');
  await console.waitFor('stay held');
  expect(console.orders).toEqual([{type: 'pause-unit', unit: '01-events'}]);
});

test('a console that was attached read-only stays so', async () => {
  const console = await consoleOnScreen({readOnly: true});
  console.type('\u0012');
  await console.waitFor('attached with --read-only; attach again without it');
  console.type('K');
  await console.waitFor('cancel: this console was attached read-only');
  expect(console.orders).toEqual([]);
});

test('a lost connection says since when the screen is blind, and a snapshot ends it', async () => {
  const console = await consoleOnScreen();
  console.say({type: 'lost', at: new Date(NOW + 500).toISOString(), why: 'closed', remedy: 'longhaul run starts one'});
  await console.waitFor('BLIND since 04:31:40');
  console.say({type: 'lost', at: new Date(NOW + 9000).toISOString(), why: 'does not answer', remedy: 'kill -9 it'});
  console.pass(5000);
  await console.waitFor('BLIND since 04:31:40 (0:05)');
  console.type('jp');
  await console.waitFor('pause: no connection to the supervisor; kill -9 it');
  console.say({type: 'snapshot', state: reduceAll(journal(WAITING)), events: journal(WAITING), readings: []});
  await console.waitForNo('BLIND');
});

test('an alarm rings once, is shown with its remedy and goes again', async () => {
  const console = await consoleAt(WAITING.slice(0, 3));
  const [raised, cleared] = journal(
    [
      {
        type: 'alarm.raised',
        alarm: {id: 'slot.lost:a', severity: 'critical', subject: 'slot a', seen: 'is lost', remedy: 'start again'},
      },
      {type: 'alarm.cleared', id: 'slot.lost:a'},
    ],
    4,
  );
  if (raised === undefined || cleared === undefined) throw new Error('no events');
  console.say({type: 'event', entry: raised});
  console.pass(500);
  await console.waitFor('1 critical');
  await console.waitFor('ALARM slot a is lost: start again');
  expect(console.written().split('\u0007').length).toBe(2);
  console.pass(30_000);
  await console.waitFor('✗ 1 critical');
  console.say({type: 'event', entry: cleared});
  console.pass(500);
  await console.waitForNo('critical');
  expect(console.written().split('\u0007').length).toBe(2);
});

test('q leaves and gives the terminal back', async () => {
  const console = await consoleOnScreen();
  console.type('q');
  expect((await console.left).status).toBe('running');
  expect(console.written()).toContain('\u001b[?1049l');
  expect(console.written().trimEnd().endsWith('\u001b[?25h')).toBe(true);
});

import {expect, test} from 'vitest';
import type {Planned} from '../../../src/domain/run/command.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {DMS_STEPS} from '../../support/dms-steps.ts';
import {consoleAt, consoleOnScreen, sayRun} from './console-on-screen.ts';
import {FACTS, NOW} from '../fixtures/acme-run.ts';

const waiting = (action: string): readonly RunEvent[] => [
  {type: 'run.started', run: 'acme-prod', version: '0.1.0', steps: DMS_STEPS},
  {type: 'supervisor.started', pid: 4242, bootId: 'b'},
  {type: 'step.started', step: 'create-slots'},
  {type: 'step.waiting', step: 'create-slots', question: 'Make the slots?', actions: [action]},
];

test('a question that has come to run something else forgets what was typed, and says so', async () => {
  const console = await consoleOnScreen();
  console.type('K');
  await console.waitFor('nothing: no row of it is on the target');
  console.type('use');
  await console.waitFor('> use');
  console.happen(
    {type: 'unit.retried', unit: '05-users', by: 'bob'},
    {type: 'unit.started', unit: '05-users', attempt: 2, lane: 5, folder: '/x'},
  );
  await console.waitFor('being loaded');
  // Whoever is typing goes on for a moment; the words stand until he has read them.
  console.type('rs\r');
  await console.waitFor('that is not it');
  await console.waitFor('The question has changed: read it again.');
  expect(console.orders).toEqual([]);
});

test('figures beside a question move without taking away what was typed', async () => {
  const console = await consoleOnScreen();
  console.type('jK');
  await console.waitFor('the 63 % that it has carried');
  console.type('eve');
  console.pass(500);
  console.say({
    type: 'reading',
    reading: {
      at: new Date(NOW + 500).toISOString(),
      probe: 'lanes',
      units: [{unit: '01-events', bytes: 900 * 1024 ** 3, bytesPerSecond: 1, rows: null, lastLine: null}],
    },
  });
  console.pass(500);
  await console.waitForNo('the 63 % that it has carried');
  console.type('nts\r');
  await console.waitFor('cancel-unit done');
  expect(console.orders).toEqual([{type: 'cancel-unit', unit: '01-events'}]);
});

test('a question that nobody need answer any more says so, and keeps what is still being typed', async () => {
  const console = await consoleOnScreen();
  console.type('jK');
  await console.waitFor('Cancel the lane of events');
  console.happen({type: 'unit.committed', unit: '01-events', attempt: 1, rows: 1, bytes: 1, tookMs: 1});
  await console.waitFor('Not asked any more: the run has changed');
  // Whoever is typing its name does not pause a lane with it.
  console.type('events-p\r');
  await console.waitForNo('Not asked any more');
  console.type('P');
  await console.waitFor('Pause all 3 running lanes');
  console.happen(
    ...['02-order_items', '04-payments', 'rest'].map((unit): RunEvent => ({type: 'unit.paused', unit, by: 'bob'})),
  );
  await console.waitFor('Not asked any more: the run has changed');
  console.type('y\u001b');
  await console.waitForNo('Not asked any more');
  expect(console.orders).toEqual([]);
});

test('another SQL, or another server, after a supervisor has taken over is asked for anew', async () => {
  const console = await consoleAt(waiting('source: create slot a'));
  await console.waitFor('press c to answer');
  console.type('c');
  await console.waitFor('create slot a');
  console.type('acme-prod');
  await console.waitFor('> acme-prod');
  console.say({type: 'lost', at: new Date(NOW).toISOString(), why: 'gone', remedy: 'longhaul run starts one'});
  const servers = {...FACTS.servers, source: 'db2.internal:5432/app'};
  sayRun(console, waiting('source: create slot b'), {...FACTS, servers});
  const asked = await console.waitFor('create slot b');
  expect(asked).toContain('db2.internal:5432/app');
  await console.waitFor('The question has changed: read it again.');
  console.type('\rx');
  await console.waitFor('> x');
  expect(console.orders).toEqual([]);
});

test('a step that another console has confirmed is not asked for any more', async () => {
  const console = await consoleAt(waiting('source: create slot a'));
  console.type('c');
  await console.waitFor('create slot a');
  console.happen(
    {type: 'step.confirmed', step: 'create-slots', by: 'bob'},
    {type: 'step.done', step: 'create-slots', evidence: {}, already: false},
  );
  await console.waitFor('Not asked any more');
  console.type('acme-prod\r');
  await console.waitForNo('Not asked any more');
  expect(console.orders).toEqual([]);
});

test('y typed ahead in the palette answers no question that the palette opens', async () => {
  const console = await consoleOnScreen();
  console.happen({type: 'run.stopped', reason: 'x'});
  console.type(':continue');
  await console.waitFor('continue▌');
  console.type('\ry');
  await console.waitFor('Continue? y/N');
  expect(console.orders).toEqual([]);
  console.type('y');
  await console.waitFor('continue done');
});

test('a long question scrolls, and a name to type is shown whole', async () => {
  const console = await consoleOnScreen({columns: 60, rows: 12});
  console.type('X');
  await console.waitFor('rows 1-');
  console.type('\u001b[6~');
  await console.waitFor('engine’s plan of release');
  console.type('\u001b[5~');
  await console.waitFor('rows 1-');
  console.type('\u001b[B');
  await console.waitFor('rows 2-');
  console.type('\u001b[A');
  await console.waitFor('rows 1-');
  expect(await console.waitFor('> ')).toContain('acme-prod');
});

test('a table name of fifty characters can be read and typed on the narrowest screen', async () => {
  const name = 'customer_subscription_events_archive_2024_eu_west1';
  const console = await consoleOnScreen({columns: 60, rows: 20});
  const units = [{id: '01-x', kind: 'table' as const, tables: [{schema: 'public', name}], bytes: 1000}];
  console.happen(
    {type: 'load.planned', boundary: '0/1' as never, units, lanes: 1},
    {type: 'unit.started', unit: '01-x', attempt: 1, lane: 1, folder: '/x'},
  );
  console.type('2gK');
  const asked = await console.waitFor("Type the lane's name to confirm:");
  expect(asked.split('\n').filter((row) => row.includes(` ${name} `))).toHaveLength(1);
  console.type(`${name}\r`);
  await console.waitFor('cancel-unit done');
});

test('going on after a lost P is asked for as the whole load that it is', async () => {
  const console = await consoleOnScreen({columns: 120, rows: 40});
  const failure = {message: 'the replica was restarted', remedy: 'take a new P', unreachable: false};
  console.happen({type: 'boundary.moved', failure}, {type: 'step.failed', step: 'full-load', failure});
  await console.waitFor('P IS LOST, C takes a new one: the replica was restarted');
  await console.waitFor('failed (C takes a new P)');
  console.type('C');
  await console.waitFor('Take a new P and load everything again');
  const asked = await console.waitFor('replica: engine’s plan of continue');
  expect(asked).toContain('2 loaded units, 80 GB, are loaded again at the new P');
  expect(asked).toContain('db1-maint.internal:5432/app');
  console.type('y\r');
  await console.waitFor('that is not it');
  console.type('\u0015acme-prod\r');
  await console.waitFor('continue done');
  expect(console.orders).toEqual([{type: 'continue'}]);
});

test('the end of another supervisor than the one that was read is asked for anew', async () => {
  const console = await consoleOnScreen();
  console.type(':end supervisor, lanes\r');
  await console.waitFor('pid 4242 on the jump box');
  console.type('acme-prod');
  await console.waitFor('> acme-prod');
  console.happen({type: 'supervisor.started', pid: 5151, bootId: 'b'});
  await console.waitFor('pid 5151 on the jump box');
  console.type('\r');
  await console.waitFor('The question has changed: read it again.');
  expect(console.orders).toEqual([]);
});

test('what a question runs is what the supervisor’s engine says, line by line', async () => {
  const console = await consoleOnScreen({
    columns: 100,
    rows: 40,
    plan: () => ({
      ok: true,
      actions: [
        {on: 'source', text: "SELECT drop_it('a\u001b[2J')"},
        {on: 'jump box', text: 'kill -TERM -- -47 \\\n  && done'},
      ],
    }),
  });
  console.type('X');
  const asked = await console.waitFor("source: SELECT drop_it('a\\x1b[2J')");
  expect(asked).toContain('jump box: kill -TERM -- -47 \\');
  expect(asked).toContain('&& done');
  expect(console.plans).toEqual([{type: 'release', typed: 'acme-prod', endReaders: false, resumeReplay: false}]);
  expect(console.orders).toEqual([]);
});

test('a plan that cannot be told says why, and keeps nobody from acting', async () => {
  const console = await consoleOnScreen({plan: () => ({ok: false, why: 'the replica does not answer: no route'})});
  console.type(':keep lanes\r');
  await console.waitFor('not known: the replica does not answer: no route');
  console.type('acme-prod\r');
  await console.waitFor('shutdown done');
});

test('a plan that is long in coming is waited for by nobody', async () => {
  const console = await consoleOnScreen({plan: async () => new Promise(() => undefined)});
  console.type('X');
  await console.waitFor('the supervisor is being asked');
  console.type('acme-prod\r');
  await console.waitFor('release done');
});

test('a question that has come to run something else is planned anew, and an answer to the old one is not shown', async () => {
  const answers: ((planned: Planned) => void)[] = [];
  const console = await consoleOnScreen({plan: async () => new Promise<Planned>((answer) => answers.push(answer))});
  console.type('K');
  await console.waitFor('failed, and to be tried again by itself');
  console.happen(
    {type: 'unit.retried', unit: '05-users', by: 'bob'},
    {type: 'unit.started', unit: '05-users', attempt: 2, lane: 5, folder: '/x'},
  );
  await console.waitFor('being loaded');
  expect(answers).toHaveLength(2);
  answers[0]?.({ok: true, actions: [{on: 'jump box', text: 'note in the journal'}]});
  answers[1]?.({ok: true, actions: [{on: 'jump box', text: 'kill -TERM -- -47'}]});
  const asked = await console.waitFor('jump box: kill -TERM -- -47');
  expect(asked).not.toContain('note in the journal');
});

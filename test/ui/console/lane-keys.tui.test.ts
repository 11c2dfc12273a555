import {expect, test} from 'vitest';
import {consoleOnScreen} from './console-on-screen.ts';
import {journal, LOADING, LOADING_STATE, NOW} from '../fixtures/acme-run.ts';

test('p pauses the lane under the cursor and says what stays held', async () => {
  const console = await consoleOnScreen();
  console.type('jp');
  await console.waitFor('is paused: xmin, snapshot and both connections stay held');
  expect(console.orders).toEqual([{type: 'pause-unit', unit: '01-events'}]);
});

test('p on a failed lane does nothing and says why', async () => {
  const console = await consoleOnScreen();
  console.type('p');
  await console.waitFor('pause: the lane is not running');
  expect(console.orders).toEqual([]);
});

test('the cursor stays on its lane when another lane fails and goes to the top', async () => {
  const console = await consoleOnScreen();
  console.type('jj');
  await console.waitFor(/▌▶ order_items/);
  const [failed] = journal(
    [
      {
        type: 'unit.failed',
        unit: '01-events',
        attempt: 1,
        failure: {cause: 'lost', message: 'gone', table: null, sqlstate: null, remedy: 'R', heals: true},
        retryAt: null,
      },
    ],
    LOADING_STATE.seq + 1,
  );
  if (failed === undefined) throw new Error('no event');
  console.say({type: 'event', entry: failed});
  console.pass(500);
  await console.waitFor(/✗ events +failed/);
  await console.waitFor(/▌▶ order_items/);
});

test('a lane that failed is tried again once its server answers, and is not said to be in no time', async () => {
  const console = await consoleOnScreen();
  const [failed] = journal(
    [
      {
        type: 'unit.failed',
        unit: '01-events',
        attempt: 1,
        failure: {cause: 'lost', message: 'gone', table: null, sqlstate: null, remedy: 'R', heals: true},
        retryAt: new Date(NOW).toISOString(),
      },
    ],
    LOADING_STATE.seq + 1,
  );
  if (failed === undefined) throw new Error('no event');
  console.say({type: 'event', entry: failed});
  console.say({
    type: 'reading',
    reading: {at: new Date(NOW + 1000).toISOString(), probe: 'failed', of: 'replica', message: 'ECONNREFUSED'},
  });
  console.pass(2000);
  await console.waitFor(/events +failed \(again once the replica answers\)/);
});

test('Space marks lanes, and p pauses all marked ones that run', async () => {
  const console = await consoleOnScreen();
  console.type('j  p');
  await console.waitFor('pause: 2 lanes');
  expect(console.orders).toEqual([
    {type: 'pause-unit', unit: '01-events'},
    {type: 'pause-unit', unit: '02-order_items'},
  ]);
});

test('r resumes the paused lane', async () => {
  const console = await consoleOnScreen();
  console.type('jjjr');
  await console.waitFor('resume-unit done');
  expect(console.orders).toEqual([{type: 'resume-unit', unit: '03-audit_log'}]);
});

test('R retries the failed lane', async () => {
  const console = await consoleOnScreen();
  console.type('R');
  await console.waitFor('retry-unit done');
  expect(console.orders).toEqual([{type: 'retry-unit', unit: '05-users'}]);
});

test('K cancels a lane only after its name was typed', async () => {
  const console = await consoleOnScreen();
  console.type('jK');
  await console.waitFor('Cancel the lane of events');
  await console.waitFor('replica: engine’s plan of cancel-unit');
  console.type('\r');
  await console.waitFor('that is not it');
  console.type('event\r');
  await console.waitFor('that is not it');
  expect(console.orders).toEqual([]);
  console.type('s\r');
  await console.waitFor('cancel-unit done');
  expect(console.orders).toEqual([{type: 'cancel-unit', unit: '01-events'}]);
});

test("P pauses every lane only after the run's name was typed; Esc closes it", async () => {
  const console = await consoleOnScreen();
  console.type('P');
  await console.waitFor('Pause all 4 running lanes');
  console.type('\u001b');
  await console.waitFor('2 Lanes');
  console.type('Pacme-prod\r');
  await console.waitFor('pause-all done');
  expect(console.orders).toEqual([{type: 'pause-all'}]);
});

test('U resumes all, H holds the queue', async () => {
  const console = await consoleOnScreen();
  console.type('U');
  await console.waitFor('resume-all done');
  console.type('H');
  await console.waitFor('hold done');
  expect(console.orders).toEqual([{type: 'resume-all'}, {type: 'hold'}]);
  for (const entry of journal([{type: 'load.held', by: 'ana'}], LOADING.length + 1))
    console.say({type: 'event', entry});
  console.type(':end hold');
  await console.waitFor(/▌end hold/);
  console.type('\r');
  await console.waitFor('release-hold done');
});

test.each([
  [80, /^.* {2}HELD {2}/],
  [200, /^.* {2}HELD: longhaul resume --start {2}/],
])(
  'the first line says at %i columns that what is to begin next is held, until it is let go',
  async (columns, words) => {
    const console = await consoleOnScreen({columns, rows: 24});
    console.happen({type: 'load.held', by: 'ana'});
    expect((await console.waitFor('HELD')).split('\n')[0]).toMatch(words);
    console.happen({type: 'load.released', by: 'ana'});
    await console.waitForNo('HELD');
  },
);

test('a refusal says why and what to do', async () => {
  const console = await consoleOnScreen({
    reply: () => ({ok: false, message: 'it has just ended', remedy: 'look again'}),
  });
  console.type('jp');
  await console.waitFor('refused: it has just ended. look again');
});

test('one lane that refuses does not keep the other marked ones from being paused, and is named', async () => {
  const console = await consoleOnScreen({
    columns: 120,
    rows: 40,
    reply: (command) =>
      'unit' in command && command.unit === '01-events'
        ? {ok: false, message: '01-events has just ended', remedy: 'look again'}
        : {ok: true, message: 'ok'},
  });
  console.type('j  p');
  await console.waitFor('pause: 1 lane; refused for events: the events (5) say why');
  expect(console.orders).toHaveLength(2);
  await console.waitForNo('marked');
});

test('marks are for what can still be acted on, and never for what K cancels', async () => {
  const console = await consoleOnScreen();
  console.type('j ');
  await console.waitFor('1 marked');
  console.type('K');
  await console.waitFor('Cancel the lane of order_items');
  console.type('\u001b');
  await console.waitFor('1 marked');
  console.happen({type: 'unit.committed', unit: '01-events', attempt: 1, rows: 1, bytes: 1, tookMs: 1});
  await console.waitForNo('1 marked');
  console.type('p');
  await console.waitFor('order_items is paused');
  expect(console.orders).toEqual([{type: 'pause-unit', unit: '02-order_items'}]);
});

test('a mark on a lane in another state is told of', async () => {
  const console = await consoleOnScreen({columns: 120, rows: 40});
  console.type(' p');
  await console.waitFor('pause: the lane is not running; nor any other that is marked; Esc drops the marks');
});

test('the cursor goes to what a filter leaves, at once', async () => {
  const console = await consoleOnScreen();
  console.type('/audit\r\r');
  await console.waitFor('03-audit_log');
  console.type('\u001b');
  await console.waitFor('filter audit');
  console.type('\u001b');
  await console.waitFor('order_items');
  console.type('/even\rp');
  await console.waitFor('events is paused');
  expect(console.orders).toEqual([{type: 'pause-unit', unit: '01-events'}]);
});

test('a filter that nothing matches says so', async () => {
  const console = await consoleOnScreen();
  console.type('/zzz\r');
  await console.waitFor('nothing has these words; Esc drops the filter');
});

test('a unit that is gone from the run gives the cursor to the first', async () => {
  const console = await consoleOnScreen();
  console.type('jj');
  await console.waitFor(/▌▶ order_items/);
  const units = [{id: '09-new', kind: 'table' as const, tables: [{schema: 'public', name: 'brand_new'}], bytes: 1000}];
  console.happen({type: 'load.planned', boundary: '0/1' as never, units, lanes: 1});
  await console.waitFor(/▌○ brand_new/);
});

test('r and R act on every marked lane', async () => {
  const console = await consoleOnScreen();
  console.happen(
    {type: 'unit.paused', unit: '01-events', by: 'bob'},
    {type: 'unit.paused', unit: '02-order_items', by: 'bob'},
  );
  await console.waitFor('3‖');
  console.type('j  r');
  await console.waitFor('resume: 2 lanes');
  expect(console.orders.map((order) => ('unit' in order ? order.unit : ''))).toEqual(['01-events', '02-order_items']);
});

test('a lane of which no process is seen while a server is silent has ended, and how is not known yet', async () => {
  const console = await consoleOnScreen({columns: 120, rows: 40});
  const at = new Date(NOW + 1000).toISOString();
  console.say({type: 'reading', reading: {at, probe: 'lanes', units: []}});
  console.say({type: 'reading', reading: {at, probe: 'failed', of: 'target', message: 'connection refused'}});
  console.pass(500);
  await console.waitFor(/▶ events +has ended, and the target does not answer/);
  console.type('z');
  console.resize(200, 50);
  await console.waitFor('has ended, and the target does not answer');
});

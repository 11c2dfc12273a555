import {expect, test} from 'vitest';
import {consoleOnScreen} from './console-on-screen.ts';
import {journal, LOADING, LOADING_STATE} from './acme-run.ts';

test('p pauses the lane under the cursor and says what stays held', async () => {
  const console = await consoleOnScreen();
  console.type('jp');
  await console.waitFor('stands: xmin, snapshot and both connections stay held');
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
  await console.waitFor('SIGTERM to both ends of its pg_dump | psql');
  console.type('\r');
  await console.waitFor('that is not it');
  console.type('event\r');
  await console.waitFor('that is not it');
  expect(console.orders).toEqual([]);
  console.type('s\r');
  await console.waitFor('cancel-unit done');
  expect(console.orders).toEqual([{type: 'cancel-unit', unit: '01-events'}]);
});

test("P pauses every lane only after the run's name was typed; Esc leaves it", async () => {
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

test('a refusal says why and what to do', async () => {
  const console = await consoleOnScreen({
    reply: () => ({ok: false, message: 'it has just ended', remedy: 'look again'}),
  });
  console.type('jp');
  await console.waitFor('refused: it has just ended. look again');
});

test('l follows the log of the lane, cuts or wraps its lines, and searches it', async () => {
  const lines = Array.from({length: 60}, (_, i) => `line ${i} ${'x'.repeat(i === 59 ? 100 : 3)}`).join('\n');
  const text = `${lines}\n`;
  const console = await consoleOnScreen({
    log: (from) => ({from: Math.max(0, from), text: from < 0 ? text : '', end: text.length}),
  });
  console.type('jl');
  await console.waitFor('Log of events');
  const cut = await console.waitFor('line 59 xxx');
  expect(cut).toContain('…');
  expect(cut).toContain('following');
  console.type('w');
  await console.waitFor('wrapped');
  console.type('/line 7\r');
  await console.waitFor('searched: line 7');
  await console.waitFor(/line 7 xxx/);
  console.type('n');
  console.type('F');
  await console.waitFor('line 59');
  console.type('v');
  await console.waitFor('no pager here');
  console.type('g');
  await console.waitFor('line 0 xxx');
  console.type('\u001b');
  await console.waitFor('2 Lanes');
});

test('a search goes to the row that has the words, wrapped or cut, on the narrowest screen as well', async () => {
  const lines = Array.from({length: 60}, (_, i) => `line ${i} ${'x'.repeat(75)}${i === 20 ? ' needle' : ''}`).join(
    '\n',
  );
  const console = await consoleOnScreen({
    log: (from) => ({from: Math.max(0, from), text: from < 0 ? `${lines}\n` : '', end: lines.length + 1}),
  });
  console.type('jl');
  await console.waitFor('line 59');
  console.type('/needle\r');
  const cut = await console.waitFor('the match is cut off on the right: w wraps');
  expect(cut.split('\n')[3]).toContain('line 20 ');
  expect(cut.split('\n')[2]).toContain('not following, F follows · searched: needle');
  console.type('w');
  const wrapped = await console.waitFor(/wrapped.*\n│ line 20[^]* needle/);
  expect(wrapped.split('\n')[4]).toContain('needle');
  console.resize(60, 20);
  const narrow = await console.waitFor(/not following.*…/);
  expect(narrow.split('\n')[3]).toContain('line 20 ');
  expect(narrow.split('\n')[4]).toContain('needle');
  console.type('jn');
  await console.waitFor(/wrapped|follow.*\n│ line 20[^]* needle/);
});

test('a log that cannot be read says so', async () => {
  const console = await consoleOnScreen();
  console.type('jl');
  await console.waitFor('the log cannot be read now');
});

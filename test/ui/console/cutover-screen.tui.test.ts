import {expect, test} from 'vitest';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {consoleOnScreen, sayRun} from './console-on-screen.ts';
import {at, BACK, before, BEGUN, STARTED, STOPPING, WITH_CUTOVER} from './on-cutover.ts';

const lag = (bytes: number): Reading => ({
  at,
  probe: 'figures',
  of: 'cdc',
  server: 'target',
  figures: ['lh_01', 'lh_02'].flatMap((slot) => [
    {name: 'lag_bytes', label: 'cdc behind', value: slot === 'lh_01' ? bytes : 0, unit: 'bytes', of: `slot ${slot}`},
    {name: 'lag_seconds', label: 'cdc behind', value: 0.4, unit: 'seconds', of: `slot ${slot}`},
  ]),
});
const WRITERS: Reading = {
  at,
  probe: 'figures',
  of: 'writers',
  server: 'source',
  figures: [
    {name: 'writers', label: 'open writers', value: 2, unit: 'count', of: null},
    {
      name: 'writer_open',
      label: 'writes since',
      value: 61.2,
      unit: 'seconds',
      of: 'session of billing from 10.0.0.7, batch, pid 4711',
    },
    {
      name: 'writer_open',
      label: 'writes since',
      value: 0.2,
      unit: 'seconds',
      of: 'session of app from 10.0.0.8, pid 4712',
    },
  ],
};

const SIZES = [
  {columns: 80, rows: 24},
  {columns: 120, rows: 40},
  {columns: 200, rows: 50},
];

test.each(SIZES)(
  'a cutover opens its own screen at $columns columns: clock, steps, lag, who writes, and the way back',
  async (size) => {
    const console = await before(size);
    console.happen(BEGUN);
    expect(await console.waitFor('Cutover 1, begun')).toContain('WRITES GO ON: nothing is stopped yet');
    console.say({type: 'reading', reading: WRITERS});
    for (const bytes of [8_000_000, 4_000_000, 2_000_000, 3_145_728])
      console.say({type: 'reading', reading: lag(bytes)});
    console.happen({type: 'step.started', step: 'stop-writes'}, STOPPING);
    // The journal's time of the last event is a minute before the clock.
    const stopping = await console.waitFor(/WRITES STOPPED 1:0\d/);
    expect(stopping).toContain('B takes it back: the source takes writes again');
    expect(stopping).toMatch(/▶ stop writes/);
    expect(stopping).toMatch(/○ drain/);
    expect(stopping).toContain('2 transactions write: session of billing from 10.0.0.7, batch, pid 4711');
    expect(stopping).toMatch(/lh_01 +3\.0 MB +0\.4 s +█/);
    // In the first line as well, whatever covers the panes.
    expect(stopping.split('\n')[0]).toMatch(/WRITES STOPPED 1:0\d/);
    expect(stopping.split('\n').at(-1)).toMatch(/B back out/);
  },
);

test('each step says what it waits for, a command of the operator among it', async () => {
  const console = await before();
  console.happen(BEGUN, {type: 'step.started', step: 'stop-writes'}, STOPPING, {
    type: 'cutover.writes-stopped',
    lsn: parseLsn('1/10'),
    evidence: {},
  });
  console.happen(
    {type: 'step.done', step: 'stop-writes', evidence: {ended: 12}, already: false},
    {type: 'step.started', step: 'drain'},
    {
      type: 'step.progressed',
      step: 'drain',
      done: 1,
      total: 2,
      what: 'lh_02: its sentinel is not on the target yet',
    },
  );
  expect(await console.waitFor(/▶ drain/)).toMatch(/1\/2 lh_02: its sentinel/);
  console.happen(
    {type: 'step.started', step: 'hand-over'},
    {
      type: 'cutover.command',
      command: 'hand_over.0',
      moment: 'started',
      output: '',
    },
  );
  expect(await console.waitFor(/▶ hand over.*your command hand_over\.0 runs/)).toContain('hand_over.0 runs');
  console.happen({type: 'cutover.command', command: 'hand_over.0', moment: 'done', output: 'dns: 3 records'});
  await console.waitFor('hand_over.0 done: dns: 3 records');
});

test('B takes it back from there, and the screen says that it was, and why', async () => {
  const console = await before();
  console.happen(BEGUN, STOPPING);
  await console.waitFor('WRITES STOPPED');
  console.type('B');
  await console.waitFor('back-out done');
  expect(console.orders).toEqual([{type: 'back-out'}]);
  console.happen({type: 'cutover.gone-back', by: 'ops', reason: 'somebody asked for it'});
  const screen = await console.waitFor(/TAKEN BACK .* by ops, writes were stopped for/);
  expect(screen).toMatch(/and the source takes writes: somebody asked for/);
  expect(screen).not.toContain('WRITES STOPPED');
  console.type('\u001b');
  await console.waitForNo('TAKEN BACK');
  console.type('w');
  await console.waitFor('TAKEN BACK');
});

test('once the target is opened only the way forward is said, and then that it was handed over', async () => {
  const console = await before();
  console.happen(BEGUN, STOPPING, {type: 'cutover.opening', by: 'ops'});
  expect(await console.waitFor('The target is being opened')).not.toContain('takes it back');
  console.happen({type: 'cutover.handed-over', by: 'run', evidence: {}});
  await console.waitFor(/HANDED OVER .* writes were stopped for/);
});

test('what a step waits for is told whole, below it, where its line has no room', async () => {
  const console = await before({columns: 80, rows: 24});
  const what = 'lh_01: its sentinel is not on the target yet';
  console.happen(
    BEGUN,
    STOPPING,
    {type: 'step.started', step: 'drain'},
    {type: 'step.progressed', step: 'drain', done: 2, total: 3, what},
  );
  const screen = await console.waitFor(what);
  expect(screen).toContain('B takes it back');
  expect(screen).not.toContain('take it back by themselves');
});

test('the way back has the same screen, and the first line says that writes are stopped there too', async () => {
  const console = await before();
  console.happen(BEGUN, STOPPING, {type: 'cutover.handed-over', by: 'run', evidence: {}});
  await console.waitFor('HANDED OVER');
  console.happen({type: 'back.begun', by: 'ops', steps: BACK}, {type: 'back.stopping', setting: null});
  const screen = await console.waitFor('Way back 1, begun');
  expect(screen).toContain('B takes it back: the target takes writes again');
  expect(screen).toMatch(/○ back drain/);
  expect(screen.split('\n')[0]).toContain('WRITES STOPPED');
});

test('whoever attaches meanwhile sees it at once; a question that is being typed stays on top of it', async () => {
  const console = await consoleOnScreen({silent: true});
  sayRun(console, [...STARTED, BEGUN, STOPPING], WITH_CUTOVER);
  await console.waitFor('Cutover 1, begun');
  const typing = await before();
  typing.type(':');
  await typing.waitFor('Actions');
  typing.happen(BEGUN);
  expect(await typing.waitFor('Actions')).not.toContain('Cutover 1');
  typing.type('\u001b');
  await typing.waitFor('Cutover 1, begun');
});

test('while the supervisor is not heard it says which command takes it back', async () => {
  const console = await before();
  console.happen(BEGUN, STOPPING);
  await console.waitFor('WRITES STOPPED');
  console.say({type: 'lost', at, why: 'the supervisor does not answer', remedy: 'longhaul run starts another'});
  const screen = await console.waitFor('as far as was heard');
  expect(screen).toContain('longhaul cutover --back-out, in another window, takes it back');
  const watching = await before({readOnly: true});
  watching.happen(BEGUN);
  await watching.waitFor('longhaul cutover --back-out takes it back');
});

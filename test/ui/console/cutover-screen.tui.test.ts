import {expect, test} from 'vitest';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import type {StepId} from '../../../src/domain/run/step-id.ts';
import {FACTS, NOW} from '../fixtures/acme-run.ts';
import {consoleOnScreen, sayRun, type OnScreen} from './console-on-screen.ts';

const STEPS: readonly StepId[] = [
  'stop-writes',
  'drain',
  'copy-sequences',
  'restore-triggers-and-keys',
  'compare-final',
  'hand-over',
  'validate-constraints',
];
const BACK: readonly StepId[] = ['back-stop-writes', 'back-drain', 'back-copy-sequences', 'back-hand-over'];
const WITH_CUTOVER = {
  ...FACTS,
  changeCapture: 'native',
  steps: [
    ...FACTS.steps,
    ...[...STEPS, ...BACK].map((id) => ({
      id,
      phase: 'cutover',
      title: id.replaceAll('-', ' '),
      why: '',
      confirm: 'no' as const,
    })),
  ],
};
const STARTED: readonly RunEvent[] = [
  {type: 'run.started', run: 'acme-prod', version: '0.1.0', steps: []},
  {type: 'supervisor.started', pid: 4242, bootId: 'b'},
];
const BEGUN: RunEvent = {type: 'cutover.begun', by: 'ops', steps: STEPS};
const STOPPING: RunEvent = {type: 'cutover.stopping', setting: null};
const at = new Date(NOW).toISOString();

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

async function before(options: {columns?: number; rows?: number; readOnly?: boolean} = {}): Promise<OnScreen> {
  const console = await consoleOnScreen({...options, silent: true});
  sayRun(console, STARTED, WITH_CUTOVER);
  console.pass(500);
  return console;
}

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

const VISITORS = [
  {role: 'ev\u001B[2Jil', address: '10.0.0.7', applicationName: 'worker-3', sessions: 4, lastAt: at},
  ...Array.from({length: 5}, (_, n) => ({
    role: 'app',
    address: null,
    applicationName: `pool-${n}`,
    sessions: 1,
    lastAt: at,
  })),
];
const LEFT: Reading = {
  at,
  probe: 'figures',
  of: 'left',
  server: 'source',
  figures: [{name: 'clients', label: 'clients still', value: 3, unit: 'count', of: 'the source, which was left'}],
};

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

test('behind the hand-over it names who still comes to the side that was left, and how many are there now', async () => {
  const console = await before();
  console.say({type: 'reading', reading: LEFT});
  console.happen(
    BEGUN,
    STOPPING,
    {type: 'cutover.handed-over', by: 'run', evidence: {}},
    {type: 'cutover.visited', visitors: VISITORS},
  );
  const screen = await console.waitFor('6 clients seen on the source since it was left, 3 sessions now');
  expect(screen).toMatch(/ev.*il from 10\.0\.0\.7, worker-3: 4 sessions, last seen \d\d:\d\d:\d\d UTC/);
  expect(screen).not.toContain('\u001B');
  expect(screen).toContain('and 2 more: longhaul status');
  // Whoever goes back has them come to where production will be.
  console.happen({type: 'back.begun', by: 'ops', steps: BACK}, {type: 'back.opening', by: 'ops'});
  await console.waitFor('The source is being opened');
  expect(await console.waitFor('Way back 1')).not.toContain('since it was left');
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

test('the snapshots of the last comparison are told with their age and limit for as long as they are held, and E ends them', async () => {
  const console = await before({columns: 200, rows: 50});
  console.happen(
    BEGUN,
    STOPPING,
    {
      type: 'step.done',
      step: 'compare-final',
      evidence: {
        byRow: ['public.users'],
        left: ['public.big', 'public.bigger'],
        written: {tables: 3, bytes: 1024 ** 3, left: ['public.big']},
        held: {since: new Date(NOW - 600_000).toISOString(), limitMs: 3_600_000},
        tookMs: 1000,
      },
      already: false,
    },
    {type: 'cutover.opening', by: 'ops'},
    {type: 'cutover.handed-over', by: 'run', evidence: {}},
  );
  const screen = await console.waitFor(/snapshots on both sides held for 1[0-2]:\d\d, at most/);
  expect(screen.replaceAll(/\s+/g, ' ')).toContain('2 tables are compared as they were at the hand-over');
  // In the lines that are always there as well.
  expect(screen.split('\n')[1]).toMatch(/snapshots 1[0-2]:\d\d of 1:00:00/);
  expect(screen).toMatch(/compare final.*3 tables \(1\.0 GB\) written/);
  console.type('E');
  await console.waitFor('End the last comparison');
  console.type('y');
  await console.waitFor('end-comparison done');
  expect(console.orders).toEqual([{type: 'end-comparison'}]);
  console.happen({type: 'cutover.comparison-over', by: 'ops', why: 'ops has ended it', left: ['public.big']});
  await console.waitForNo('snapshots');
});

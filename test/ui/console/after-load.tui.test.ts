import {expect, test} from 'vitest';
import type {Work} from '../../../src/domain/ends/work.ts';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import type {RunState, StepState} from '../../../src/domain/run/run-state.ts';
import {readingsAt} from '../fixtures/acme-readings.ts';
import {FACTS, GB, LOADING_STATE, NOW} from '../fixtures/acme-run.ts';
import {consoleOnScreen} from './console-on-screen.ts';

const at = new Date(NOW).toISOString();
const running: StepState = {status: 'running', startedAt: '2026-11-24T04:00:00.000Z', progress: null};

const done: StepState = {status: 'done', startedAt: at, endedAt: at, evidence: {}, already: false};

/** The run of the tests, loaded, with this step at work. */
const during = (step: Work['step'] | 'full-load'): RunState => ({
  ...LOADING_STATE,
  units: LOADING_STATE.units.map((unit) => ({
    ...unit,
    state: {status: 'committed', attempt: 1, rows: 5, bytes: 9, tookMs: 1000, endedAt: at},
  })),
  steps: LOADING_STATE.steps.map((one) => (one.id === step ? {...one, state: running} : {...one, state: done})),
});
const piece = {table: 'public.users', bytes: 40 * GB, startedAt: '2026-11-24T04:21:00.000Z', elapsedMs: 600_000};
const work = (change: Partial<Work>): Reading => ({
  at,
  probe: 'work',
  work: {
    step: 'build-indexes',
    startedAt: '2026-11-24T04:00:00.000Z',
    elapsedMs: 1_860_000,
    done: 38,
    total: 612,
    bytesDone: 70 * GB,
    bytesTotal: 300 * GB,
    pieces: [
      {...piece, name: 'index public.users_email_key', share: 0.61, phase: 'loading tuples in tree'},
      {
        ...piece,
        name: 'foreign key orders_user_fkey of public.orders',
        table: 'public.orders',
        share: null,
        phase: null,
      },
    ],
    ...change,
  },
});

test.each([
  [80, 24],
  [120, 40],
  [200, 50],
])(
  'indexes are shown as the load is, at %ix%i: builders, how many of how many, bytes and the end by the clock',
  async (columns, rows) => {
    const console = await consoleOnScreen({columns, rows, silent: true});
    console.say({type: 'hello', protocol: 4, pid: 1, facts: FACTS});
    const readings = [...readingsAt(NOW).filter(({probe}) => probe !== 'lanes'), work({})];
    console.say({type: 'snapshot', state: during('build-indexes'), events: [], readings});
    const screen = await console.waitFor('users_email_key');
    expect(screen).toMatch(/WAL .*built 38\/612 .*ETA 68 min, 05:39 UTC/);
    expect(screen).toMatch(/2 Lanes .*built 38\/612 · 206 GB left · done 05:39 UTC/);
    expect(screen).toMatch(/61 % {2}.*6 min/);
    expect(screen).toContain('for 10:00');
    console.type('2\r');
    expect(await console.waitFor('loading tuples in tree')).toContain('public.users');
  },
);

test('tables that are compared are shown until the step is over', async () => {
  const console = await consoleOnScreen({silent: true});
  console.say({type: 'hello', protocol: 4, pid: 1, facts: FACTS});
  const pieces = [{...piece, name: 'public.users', table: '', share: null, phase: null}];
  const comparing = work({step: 'compare-rows', done: 3, total: 40, pieces});
  console.say({type: 'snapshot', state: during('compare-rows'), events: [], readings: [...readingsAt(NOW), comparing]});
  expect(await console.waitFor('compared 3/40 ·')).toMatch(/▶ users +40 GB {2}for 10:00/);
  console.happen({type: 'step.done', step: 'compare-rows', evidence: {}, already: false});
  await console.waitForNo('compared 3/40');
});

test.each([
  [80, 24],
  [120, 40],
  [200, 50],
])('what is built stays on the screen at %ix%i while the cursor is on a unit that is loaded', async (columns, rows) => {
  const console = await consoleOnScreen({columns, rows, silent: true});
  console.say({type: 'hello', protocol: 4, pid: 1, facts: FACTS});
  console.say({type: 'snapshot', state: during('full-load'), events: [], readings: readingsAt(NOW)});
  await console.waitFor('2 Lanes');
  // The cursor is put on what is there.
  console.pass(1000);
  const readings = [...readingsAt(NOW).filter(({probe}) => probe !== 'lanes'), work({})];
  console.say({type: 'snapshot', state: during('build-indexes'), events: [], readings});
  const screen = await console.waitFor('users_email_key');
  expect(screen).toMatch(/foreign .*orders/);
  expect(screen).toMatch(/✓ .* committed/);
});

test('a table that is compared waits for the server that does not answer, and no longer for its rate', async () => {
  const console = await consoleOnScreen({silent: true});
  console.say({type: 'hello', protocol: 4, pid: 1, facts: FACTS});
  const scan = {...piece, table: '', share: 0.5, phase: 'rate limit'};
  const pieces = [
    {...scan, name: 'public.users, replica', on: ['replica' as const]},
    {...scan, name: 'public.users, target', on: ['target' as const]},
  ];
  const comparing = work({step: 'compare-rows', done: 3, total: 40, pieces});
  const later = new Date(NOW + 1000).toISOString();
  const failed: Reading = {at: later, probe: 'failed', of: 'target', message: 'ECONNREFUSED'};
  const readings = [...readingsAt(NOW), comparing, failed];
  console.say({type: 'snapshot', state: during('compare-rows'), events: [], readings});
  const screen = await console.waitFor('no answer');
  expect(screen).toMatch(/users, target +40 GB {2}no answer/);
  expect(screen).toMatch(/users, replica .*rate limit/);
});

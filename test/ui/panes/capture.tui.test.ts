import {expect, test} from 'vitest';
import type {Figure} from '../../../src/domain/reading/figure.ts';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import type {RunState} from '../../../src/domain/run/run-state.ts';
import {consoleOnScreen, type OnScreen} from '../console/console-on-screen.ts';
import {readingsAt} from '../fixtures/acme-readings.ts';
import {FACTS, LOADING_STATE, NOW} from '../fixtures/acme-run.ts';

const MB = 1024 ** 2;
const at = new Date(NOW).toISOString();
const LATER = new Date(NOW + 1000).toISOString();
const LOADED: RunState = {
  ...LOADING_STATE,
  units: LOADING_STATE.units.map((unit) => ({
    ...unit,
    state: {status: 'committed', attempt: 1, rows: 5, bytes: 9, tookMs: 1000, endedAt: at},
  })),
};

type Of = Readonly<Record<string, readonly [value: number | null, unit: Figure['unit']]>>;

function figures(slot: string, of: Of): Figure[] {
  return Object.entries(of).map(([name, [value, unit]]) => ({name, label: name, value, unit, of: `slot ${slot}`}));
}

const WELL: Of = {
  lag_bytes: [3 * MB, 'bytes'],
  lag_seconds: [2.2, 'seconds'],
  applied_per_second: [5 * MB, 'bytes'],
  errors: [0, 'count'],
};
const STUCK: Of = {...WELL, lag_bytes: [90 * MB, 'bytes'], lag_seconds: [61, 'seconds'], errors: [7, 'count']};

const reading = (...all: readonly Figure[]): Reading => ({
  at,
  probe: 'figures',
  of: 'cdc',
  server: 'target',
  figures: all,
});

async function during(
  run: RunState,
  cdc: readonly Reading[],
  size: {columns: number; rows: number},
): Promise<OnScreen> {
  const console = await consoleOnScreen({...size, silent: true});
  console.say({type: 'hello', protocol: 4, pid: 1, facts: FACTS});
  const readings = [...readingsAt(NOW).filter(({probe}) => probe !== 'lanes'), ...cdc];
  console.say({type: 'snapshot', state: run, events: [], readings});
  return console;
}

const SIZES = [
  {columns: 80, rows: 24},
  {columns: 120, rows: 40},
  {columns: 200, rows: 50},
];

test.each(SIZES)(
  'once nothing is loaded any more, change capture is where the lanes were, at $columns columns',
  async (size) => {
    const both = reading(...figures('lh_01', WELL), ...figures('lh_02', {...STUCK, down_seconds: [44, 'seconds']}));
    const console = await during(LOADED, [both], size);
    const screen = await console.waitFor('▶ 7 Capture');
    expect(screen).not.toContain('2 Lanes');
    // The worse one first.
    expect(screen).toMatch(
      /✗ lh_02 .*90 MB +61 s +5\.0 MB\/s .*no worker for 44 s[^]*● lh_01 .*3\.0 MB +2 s .*running/,
    );
    expect(screen).toMatch(/CDC 90 MB, 61 s behind ✗ 1 not applied/);
    console.type('2');
    await console.waitFor('▶ 2 Lanes');
    console.say({type: 'reading', reading: reading(...figures('lh_01', WELL))});
    console.pass(1000);
    expect(await console.waitFor('CDC 3.0 MB, 2 s behind')).toContain('▶ 2 Lanes');
  },
);

test('while tables are loaded they have the place, and 7 shows change capture all the same', async () => {
  const console = await during(LOADING_STATE, [reading(...figures('lh_01', WELL))], {columns: 120, rows: 40});
  expect(await console.waitFor('▶ 2 Lanes')).not.toContain('CDC');
  console.type('7\r');
  expect(await console.waitFor(/behind +3\.0 MB, 2 s/)).toMatch(/applies +5\.0 MB/);
});

test.each([
  [{sentinels_missing: [2, 'count']}, '2 sentinels MISSING'],
  [{sentinels_missing: [-1, 'count']}, '1 sentinel too many'],
  [{disabled: [1, 'count']}, 'STOPPED'],
  [{blocked_by: [4711, 'count']}, 'waits for pid 4711'],
  [{hung_seconds: [71.2, 'seconds'], hung_pid: [4711, 'count']}, 'does not move for 71 s'],
] as const)('a slot that is not applied says why: %o', async (more: Of, words) => {
  const console = await during(LOADED, [reading(...figures('lh_01', {...WELL, ...more}))], {columns: 120, rows: 40});
  expect(await console.waitFor(words)).toContain('✗ lh_01');
});

test('while a server does not answer nothing is said to run: it is not seen', async () => {
  const console = await during(LOADED, [reading(...figures('lh_01', WELL))], {columns: 120, rows: 40});
  await console.waitFor('running');
  console.say({type: 'reading', reading: {at: LATER, probe: 'failed', of: 'target', message: 'ECONNREFUSED'}});
  console.pass(1000);
  expect(await console.waitFor('not seen: target away')).toContain('✗ lh_01');
});

test.each([
  [{blocked_by: [4711, 'count']}, 'waits for pid 4711'],
  [{disabled: [1, 'count']}, 'STOPPED'],
] as const)(
  'a slot that a comparison of ours holds is no trouble; one that it does not hold is: %o',
  async (how: Of, words) => {
    const held = {...LOADED, fence: {since: at, slots: ['lh_01']}};
    const waits: Of = {...WELL, ...how};
    const both = reading(...figures('lh_01', waits), ...figures('lh_02', waits));
    const console = await during(held, [both], {columns: 120, rows: 40});
    const screen = await console.waitFor('held for a comparison');
    expect(screen).toMatch(/● lh_01 .*held for a comparison/);
    expect(screen).toMatch(new RegExp(`✗ lh_02 .*${words}`));
    expect(screen).toMatch(/CDC .* ✗ 1 not applied, 1 held for a comparison/);
  },
);

const forecast = (of: Of): Reading => ({
  at,
  probe: 'figures',
  of: 'catch_up',
  server: 'target',
  figures: figures('lh_01', of),
});
const RANGE: Of = {soonest_seconds: [240, 'seconds'], latest_seconds: [720, 'seconds']};

test.each(SIZES)('when a slot will have caught up is a range, at $columns columns too', async (size) => {
  const console = await during(LOADED, [reading(...figures('lh_01', WELL)), forecast(RANGE)], size);
  expect(await console.waitFor('caught up in 4-12 min')).toMatch(/● lh_01 /);
  console.say({type: 'reading', reading: forecast({never: [1, 'count']})});
  console.pass(1000);
  await console.waitFor('NOT catching up');
});

test.each([
  [{...WELL, down_seconds: [44, 'seconds']}, 'no worker for 44 s'],
  [WELL, 'running'],
] as const)('what troubles it comes before that, and one that is near enough runs: %o', async (of: Of, words) => {
  const near: Of = words === 'running' ? {soonest_seconds: [0, 'seconds'], latest_seconds: [0, 'seconds']} : RANGE;
  const console = await during(LOADED, [reading(...figures('lh_01', of)), forecast(near)], {columns: 120, rows: 40});
  expect(await console.waitFor(words)).not.toContain('caught up in');
});

const AT: Of = {
  received_lsn: [2 ** 32 + 0x30, 'bytes'],
  applied_lsn: [2 ** 32 + 0x20, 'bytes'],
  confirmed_lsn: [2 ** 32 + 0x10, 'bytes'],
};

test('positions, what did not fit and the tables that change most are in the detail of every size', async () => {
  const table: Figure = {
    name: 'rows_per_second',
    label: 'rows',
    value: 1234,
    unit: 'count',
    of: 'slot lh_01, table public.events',
  };
  const more: Of = {...WELL, ...AT, conflicts: [5, 'count'], conflicts_skipped: [3, 'count']};
  const both = [reading(...figures('lh_01', more), table), forecast(RANGE)];
  const console = await during(LOADED, both, {columns: 80, rows: 24});
  expect(await console.waitFor('3 skipped')).not.toContain('1/20');
  console.type('\r');
  const screen = await console.waitFor('change capture of lh_01');
  for (const [label, text] of [
    ['received', '1/30'],
    ['applied', '1/20'],
    ['confirmed', '1/10'],
    ['foretold', 'caught up in 4-12 min'],
    ['conflicts', '5, of them 3 skipped'],
    ['changes most', 'public.events, 1,234 rows/s'],
  ] as const)
    expect(screen).toMatch(new RegExp(`${label} +${text}`));
});

test('a wide pane has the positions in its columns, and says where the engine does not tell one', async () => {
  const some: Of = {...WELL, ...AT, received_lsn: [null, 'bytes']};
  const console = await during(LOADED, [reading(...figures('lh_01', some))], {columns: 220, rows: 50});
  expect(await console.waitFor(/received +applied +confirmed/)).toMatch(/5\.0 MB\/s +- +1\/20 +1\/10 +running/);
});

test('an error is in the detail with what to do about it', async () => {
  const down = {subject: 'change capture of lh_01', seen: 'no worker has applied it', remedy: 'see the log'};
  const raised = {id: 'cdc.down:lh_01', severity: 'critical' as const, since: at, ...down};
  const run = {...LOADED, alarms: [raised, {...raised, id: 'cdc.down:lh_02', remedy: 'of another'}]};
  const console = await during(run, [reading(...figures('lh_01', STUCK))], {columns: 120, rows: 40});
  console.type('\r');
  const screen = await console.waitFor(/what to do +see the log/);
  expect(screen).toMatch(/alarm +no worker has applied it/);
  expect(screen).not.toMatch(/what to do +of another/);
});

test.each(SIZES)(
  'a comparison meanwhile has its end beside how far changes are behind, at $columns columns',
  async (size) => {
    const GB = 1024 * MB;
    const counts = {done: 12, total: 67, bytesDone: 10 * GB, bytesTotal: 40 * GB, pieces: []};
    const comparing = {step: 'compare-again', startedAt: at, elapsedMs: 600_000, ...counts} as const;
    const running = {status: 'running', startedAt: at, progress: null} as const;
    const steps = [...LOADED.steps, {id: 'compare-again', state: running} as const];
    const cdc = [reading(...figures('lh_01', WELL)), {at, probe: 'work', work: comparing} as const];
    const console = await during({...LOADED, steps}, cdc, size);
    const screen = await console.waitFor('▶ 7 Capture');
    expect(screen).toMatch(/CDC 3\.0 MB, 2 s behind, compared 12\/67/);
    // Where there is no room for it, the step's row has it.
    expect(screen.includes('12/67 ETA 30 min')).toBe(size.columns > 80);
  },
);

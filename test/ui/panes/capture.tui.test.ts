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
    expect(screen).toMatch(/✗ lh_02 .*90 MB +61 s +5\.0 MB\/s +no worker for 44 s[^]*● lh_01 .*3\.0 MB +2 s .*running/);
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
  expect(await console.waitFor(/behind +│ 3\.0 MB, 2 s/)).toMatch(/applies +│ 5\.0 MB/);
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

test('a slot that a comparison of ours holds is no trouble; one that it does not hold is', async () => {
  const held = {...LOADED, fence: {since: at, slots: ['lh_01']}};
  const waits: Of = {...WELL, blocked_by: [4711, 'count']};
  const both = reading(...figures('lh_01', waits), ...figures('lh_02', waits));
  const console = await during(held, [both], {columns: 120, rows: 40});
  const screen = await console.waitFor('held for a comparison');
  expect(screen).toMatch(/● lh_01 .*held for a comparison/);
  expect(screen).toMatch(/✗ lh_02 .*waits for pid 4711/);
  expect(screen).toMatch(/CDC .* ✗ 1 not applied, 1 held for a comparison/);
});

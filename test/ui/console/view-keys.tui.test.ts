import {expect, test, vi} from 'vitest';
import {consoleOnScreen} from './console-on-screen.ts';

test('z gives the screen to the pane and back, Tab and the numbers go to other panes', async () => {
  const console = await consoleOnScreen();
  console.type('z');
  const zoomed = await console.waitFor('mails');
  expect(zoomed).not.toContain('3 Slots');
  console.type('3');
  await console.waitFor('warehouse');
  console.type('\u001b');
  await console.waitFor('1 Steps');
  console.type('\t');
  await console.waitFor('▶ 4 WAL and disks');
  console.type('\t');
  await console.waitFor('▶ 5 Events');
  console.type('\u001b[Z');
  await console.waitFor('▶ 4 WAL and disks');
  console.type('1');
  await console.waitFor('▶ 1 Steps');
  console.type('2');
  await console.waitFor('▶ 2 Lanes');
  console.type('5');
  await console.waitFor('▶ 5 Events');
});

test('/ filters while one types, Enter keeps it, Esc drops it', async () => {
  const console = await consoleOnScreen();
  console.type('/invoice');
  const filtered = await console.waitForNo('order_items');
  expect(filtered).toContain('invoices_2025_01');
  console.type('\r');
  await console.waitFor('filter invoice');
  console.type('\u001b');
  await console.waitFor('order_items');
});

test('o changes the order of the lanes', async () => {
  const console = await consoleOnScreen();
  console.type('o');
  await console.waitFor('lanes by left');
  await console.waitFor('by left ·');
});

test('Enter shows everything about a slot as a table, and y copies it', async () => {
  const console = await consoleOnScreen({columns: 120, rows: 40});
  console.type('3\r');
  await console.waitFor('pglogical_output');
  const screen = await console.waitFor('safe WAL');
  expect(screen).toMatch(/│ retained +│ 212 GB/);
  console.type('y');
  await console.waitFor('copied');
  expect(console.copied()).toContain('retained     212 GB');
});

test('Enter on a failed lane shows the cause and the remedy', async () => {
  const console = await consoleOnScreen();
  console.type('\r');
  await console.waitFor('SQLSTATE 22001');
  await console.waitFor('compare the column types of public.users on both sides');
});

test('f shows alarms and findings with their remedies', async () => {
  const console = await consoleOnScreen();
  console.type('f');
  await console.waitFor('ALTER SYSTEM SET max_slot_wal_keep_size = -1');
  await console.waitFor('let the load end, or give the source more disk');
});

test('? lists every key, scrolls, and says why a key is off', async () => {
  const console = await consoleOnScreen();
  console.type('?');
  await console.waitFor('off: no step waits for you');
  // What has no key is found in the palette, by this name.
  await console.waitFor('pause replay: Pause replay on the replica');
  console.type('G');
  await console.waitFor('Leave the console');
  console.type('g');
  await console.waitFor('Confirm the step that waits');
  console.type('\u001b[6~');
  await console.waitForNo('Confirm the step that waits');
  console.type('\u001b[5~');
  await console.waitFor('Confirm the step that waits');
});

test(': finds an action by its name and does it', async () => {
  const console = await consoleOnScreen();
  console.type(':zoom\r');
  await console.waitFor('mails');
  // What a running load still needs the replica for is said at once, not after the name was typed.
  console.type(':resume replay\r');
  await console.waitFor('resume replay: P would be lost: 15 units are not loaded yet');
  console.type(':end supervisor and lanes\r');
  await console.waitFor('End the supervisor and cancel');
});

test('+ and - change how often the screen is refreshed, ctrl-l paints it anew', async () => {
  const console = await consoleOnScreen();
  console.type('+');
  await console.waitFor('refreshed every 250 ms');
  console.type('--');
  await console.waitFor('refreshed every 1000 ms');
  const before = console.written().length;
  console.type('\u000c');
  await vi.waitFor(() => {
    expect(console.written().slice(before).split('\u001b[H\u001b[J')[1]).toContain('2 Lanes');
  }, 10_000);
});

test('W says where the report is', async () => {
  const console = await consoleOnScreen({outside: {writeReport: async () => '/runs/acme/report.md', showLog: null}});
  console.type('W');
  await console.waitFor('report: /runs/acme/report.md');
});

test('W says why there is no report, and writes nothing from a read-only console', async () => {
  let written = 0;
  const failing = async (): Promise<string> => {
    written += 1;
    throw new Error('ENOSPC: no space left on device');
  };
  const console = await consoleOnScreen({outside: {writeReport: failing, showLog: null}});
  console.type('W');
  await console.waitFor('no report: ENOSPC: no space left on device');
  const reader = await consoleOnScreen({readOnly: true, outside: {writeReport: failing, showLog: null}});
  reader.type('W');
  await reader.waitFor('report: read-only: longhaul report prints it');
  expect(written).toBe(1);
});

test('pages, Home and End move in a pane as well', async () => {
  const console = await consoleOnScreen();
  console.type('\u001b[F');
  await console.waitFor(/▌✓ mails/);
  console.type('\u001b[H');
  await console.waitFor(/▌✗ users/);
  console.type('\u001b[6~');
  await console.waitFor(/▌○ invoices_2025_07/);
  console.type('\u001b[5~');
  await console.waitFor(/▌✗ users/);
  console.type('\u0006');
  await console.waitFor(/▌○ invoices_2025_07/);
  console.type('\u0002');
  await console.waitFor(/▌✗ users/);
});

test('4 gives the keys to WAL and disks, whose selected row is copied', async () => {
  const console = await consoleOnScreen({columns: 120, rows: 40});
  console.type('4');
  await console.waitFor('▶ 4 WAL and disks');
  console.type('jy');
  await console.waitFor('copied');
  expect(console.copied()).toMatch(/^full in +19 h/);
});

/** The names as they are below each other. */
function order(screen: string, names: readonly string[]): readonly string[] {
  return names.toSorted((a, b) => screen.indexOf(` ${a} `) - screen.indexOf(` ${b} `));
}

test('o changes the order of the slots, and of the lanes by rate and by name', async () => {
  const console = await consoleOnScreen({columns: 120, rows: 40});
  const slots = ['dms_slot_01', 'warehouse'];
  const lanes = ['events', 'order_items', 'payments', 'rest (412 tables)'];
  expect(order(await console.waitFor('7 by retained'), slots)).toEqual(['dms_slot_01', 'warehouse']);
  console.type('3oo');
  await console.waitFor('slots by name');
  console.type('2oo');
  expect(order(await console.waitFor('lanes by rate'), lanes)).toEqual([
    'events',
    'payments',
    'order_items',
    'rest (412 tables)',
  ]);
  console.type('o');
  expect(order(await console.waitFor('lanes by name'), lanes)).toEqual([
    'events',
    'order_items',
    'payments',
    'rest (412 tables)',
  ]);
});

test('? over the help closes it; over it nothing is copied', async () => {
  const console = await consoleOnScreen();
  console.type('?');
  await console.waitFor('▶ Keys');
  console.type('y');
  await console.waitFor('copy: the keys are in docs/keys.md');
  console.type('??');
  await console.waitFor('▶ Keys');
  console.type('\u001b');
  await console.waitFor('2 Lanes');
});

test('j k and the arrows scroll a text, ctrl-r works over it', async () => {
  const console = await consoleOnScreen();
  console.type('?');
  await console.waitFor(/Keys.*\n│ Run/);
  console.type('j');
  await console.waitForNo('│ Run ');
  console.type('k');
  await console.waitFor('│ Run ');
  console.type('\u001b[B');
  await console.waitForNo('│ Run ');
  console.type('\u001b[A');
  await console.waitFor('│ Run ');
  console.type('\u0012');
  await console.waitFor('read-only: no key changes anything');
});

test('on a screen that is too small no key acts but q, whatever lies over the panes', async () => {
  for (const [opened, seen] of [
    ['', '2 Lanes'],
    ['?', 'Keys'],
    ['/', 'filter lanes'],
    ['jl', 'Log of events'],
    ['X', 'Release'],
  ] as const) {
    const console = await consoleOnScreen({log: () => ({from: 0, text: 'x\n', end: 2})});
    console.type(opened);
    await console.waitFor(seen);
    console.resize(50, 10);
    await console.waitFor('longhaul wants 60x12');
    console.type('pPy');
    console.type('q');
    await console.left;
    expect(console.orders).toEqual([]);
  }
});

test('G and g go to the last row and the first', async () => {
  const console = await consoleOnScreen();
  console.type('G');
  await console.waitFor(/▌✓ mails/);
  console.type('g');
  await console.waitFor(/▌✗ users/);
  console.type('\u001b[B');
  await console.waitFor(/▌▶ events/);
  console.type('k');
  await console.waitFor(/▌✗ users/);
});

test('a key without a meaning says so, ctrl-c leaves nothing', async () => {
  const console = await consoleOnScreen();
  console.type('x');
  await console.waitFor('x does nothing here');
  console.type('\u0003');
  await console.waitFor('q leaves the console; the loads keep running');
});

test('the events go on with what happens, unless the cursor was moved in them', async () => {
  const console = await consoleOnScreen({columns: 120, rows: 40});
  console.type('5j');
  await console.waitFor(/▌\d\d:\d\d:\d\d unit 03-audit_log paused/);
  for (let i = 0; i < 12; i += 1) console.happen({type: 'load.held', by: `who${i}`});
  expect(await console.waitFor(/▌\d\d:\d\d:\d\d unit 03-audit_log paused/)).not.toContain('held by who11');
  console.type('2');
  await console.waitFor('held by who11');
  console.type('5jg');
  await console.waitFor(/▌.*held by who11/);
  console.happen({type: 'load.released', by: 'ana'});
  await console.waitFor(/▌.*ana/);
});

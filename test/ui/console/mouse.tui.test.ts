import {describe, expect, test} from 'vitest';
import {consoleOnScreen, type OnScreen} from './console-on-screen.ts';

/** A press of the left button, by column and row from 1, as SGR 1006 has it. */
const click = (x: number, y: number): string => `\u001b[<0;${x};${y}M\u001b[<0;${x};${y}m`;
const wheel = (way: 'up' | 'down', x: number, y: number): string => `\u001b[<${way === 'up' ? 64 : 65};${x};${y}M`;

/** Where a text is on the screen, by column and row from 1. */
async function placeOf(console: OnScreen, text: string): Promise<[x: number, y: number]> {
  const rows = await console.rows();
  const y = rows.findIndex((row) => row.includes(text));
  if (y === -1) throw new Error(`not on the screen: ${text}`);
  return [(rows[y] ?? '').indexOf(text) + 1, y + 1];
}

describe('with console.mouse', () => {
  test.each([
    [80, 24],
    [120, 40],
    [200, 50],
  ])('a click gives the keys to a pane and the cursor to the row at %ix%i', async (columns, rows) => {
    const console = await consoleOnScreen({columns, rows, mouse: true});
    console.type(click(...(await placeOf(console, 'payments'))));
    await console.waitFor(/(▌. |┌▶ )payments/);
    console.type(click(...(await placeOf(console, 'dms_slot_02'))));
    await console.waitFor('▶ 3 Slots');
    await console.waitFor(/▌. dms_slot_02/);
    // Its title gives it the keys and leaves the cursor.
    console.type(click(...(await placeOf(console, '1 Steps'))));
    await console.waitFor('▶ 1 Steps');
    console.type('p');
    expect(console.orders).toEqual([]);
  });

  test('the wheel moves the cursor of the pane under it, and scrolls what covers the panes', async () => {
    const console = await consoleOnScreen({columns: 120, rows: 40, mouse: true});
    const [x, y] = await placeOf(console, '5 Events');
    console.type(wheel('down', x, y + 2));
    await console.waitFor('▶ 5 Events');
    await console.waitFor(/▌04:27:40/);
    console.type(wheel('up', x, y + 2));
    await console.waitForNo('▌04:27:40');
    console.type('?');
    await console.waitFor('rows below');
    const [before] = /\d+ rows below/.exec((await console.rows()).join('\n')) ?? [];
    console.type(wheel('down', 10, 10));
    await console.waitForNo(before ?? '');
  });

  test('no question is answered, whatever is clicked', async () => {
    const console = await consoleOnScreen({mouse: true});
    console.type('P');
    await console.waitFor('Pause all');
    for (let row = 1; row <= 24; row += 1) console.type(click(20, row));
    console.type('\u001b');
    await console.waitForNo('Pause all');
    expect(console.orders).toEqual([]);
  });

  test('what is pasted makes no click, and what a server calls a table none either', async () => {
    const console = await consoleOnScreen({mouse: true});
    const [x, y] = await placeOf(console, 'dms_slot_01');
    console.type(`\u001b[200~${click(x, y)}\u001b[201~`);
    await console.waitFor('what is pasted is not a key');
    expect((await console.rows()).join('\n')).toContain('▶ 2 Lanes');
  });

  test('a click where nothing is does nothing', async () => {
    const console = await consoleOnScreen({mouse: true});
    const before = await console.rows();
    for (const [x, y] of [
      [1, 1],
      [80, 24],
      [9999, 9999],
      [0, 0],
    ] as const)
      console.type(click(x, y));
    console.type('\u001b');
    await console.waitFor('there is nothing to close');
    expect((await console.rows()).slice(0, -2)).toEqual(before.slice(0, -2));
  });

  test('the terminal is asked for its mouse, and given back without it', async () => {
    const console = await consoleOnScreen({mouse: true});
    expect(console.written()).toContain('\u001b[?1000h\u001b[?1006h');
    expect(console.written()).not.toContain('\u001b[?1000l');
    console.type('q');
    await console.left;
    expect(console.written()).toMatch(/\[\?1006l.\[\?1000l/);
  });

  test('a pager has the terminal without it', async () => {
    const [on, off] = ['\u001b[?1000h', '\u001b[?1000l'];
    const last = (): boolean => console.written().lastIndexOf(on) > console.written().lastIndexOf(off);
    const pager = Promise.withResolvers<void>();
    const console = await consoleOnScreen({
      mouse: true,
      log: (from) => ({from: Math.max(0, from), text: from > 0 ? '' : 'a line\n', end: 7}),
      outside: {writeReport: null, showLog: async () => pager.promise},
    });
    console.type('l');
    await console.waitFor('a line');
    expect(last()).toBe(true);
    console.type('v');
    await expect.poll(last).toBe(false);
    pager.resolve();
    await expect.poll(last).toBe(true);
  });
});

test('without it the terminal is asked for nothing, and a click does nothing', async () => {
  const console = await consoleOnScreen();
  console.type(click(...(await placeOf(console, 'dms_slot_01'))));
  console.type('\u001b');
  await console.waitFor('there is nothing to close');
  expect(console.written()).not.toMatch(/\[\?100[0-6]/);
  expect((await console.rows()).join('\n')).toContain('▶ 2 Lanes');
});

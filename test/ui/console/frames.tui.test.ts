import {expect, test} from 'vitest';
import {consoleOnScreen} from './console-on-screen.ts';

for (const [columns, rows] of [
  [80, 24],
  [120, 40],
  [200, 50],
] as const) {
  test(`the load at ${columns}x${rows}`, async () => {
    const console = await consoleOnScreen({columns, rows});
    const screen = await console.waitFor('7 by retained');
    console.type('q');
    await console.left;
    expect(screen).toMatchSnapshot();
  });
}

test('a terminal without Unicode gets ASCII only, and the same rows', async () => {
  const console = await consoleOnScreen({columns: 120, rows: 40, ascii: true});
  const screen = await console.waitFor('7 by retained');
  expect(screen).toMatch(/^[ -~\n]*$/);
  expect(screen).toMatchSnapshot();
  console.type('l');
  await console.waitFor('the log cannot be read now');
  expect((await console.rows()).join('\n')).toMatch(/^[ -~\n]*$/);
});

test('a screen that is too small says which size it wants', async () => {
  const console = await consoleOnScreen();
  console.resize(50, 10);
  await console.waitFor('longhaul wants 60x12, this is 50x10');
  console.resize(80, 24);
  const screen = await console.waitFor('2 Lanes');
  expect(screen).toContain('q leave');
});

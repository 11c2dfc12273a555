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

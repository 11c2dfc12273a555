import {expect, test} from 'vitest';
import {terminalTaste} from '../../src/ui/terminal-taste.ts';
import {consoleOnScreen} from './console/console-on-screen.ts';

test.each([
  [{LANG: 'en_US.UTF-8'}, {ascii: false, noColor: false}],
  [
    {LANG: 'de_DE.utf8', LC_ALL: ''},
    {ascii: false, noColor: false},
  ],
  [
    {LANG: 'en_US.UTF-8', LC_ALL: 'C'},
    {ascii: true, noColor: false},
  ],
  [
    {LANG: 'C.UTF-8', LC_CTYPE: 'POSIX'},
    {ascii: true, noColor: false},
  ],
  [{}, {ascii: true, noColor: false}],
  [
    {LANG: 'C.UTF-8', LONGHAUL_ASCII: '1'},
    {ascii: true, noColor: false},
  ],
  [
    {LANG: 'C.UTF-8', LONGHAUL_ASCII: ''},
    {ascii: false, noColor: false},
  ],
  [
    {LANG: 'C.UTF-8', NO_COLOR: '1'},
    {ascii: false, noColor: true},
  ],
  [
    {LANG: 'C.UTF-8', NO_COLOR: ''},
    {ascii: false, noColor: false},
  ],
  [
    {LANG: 'C.UTF-8', TERM: 'dumb'},
    {ascii: true, noColor: true},
  ],
])('%o', (env, taste) => {
  expect(terminalTaste(env)).toEqual(taste);
});

test('colours are used where they are wanted, and nowhere else', async () => {
  const coloured = await consoleOnScreen({colours: 'dark'});
  expect(coloured.written()).toContain('\u001b[32m');
  const plain = await consoleOnScreen();
  for (const colour of [31, 32, 33, 36]) expect(plain.written()).not.toContain(`\u001b[${colour}m`);
});

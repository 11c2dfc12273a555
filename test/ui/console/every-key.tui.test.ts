import {expect, test} from 'vitest';
import {BINDINGS} from '../../../src/ui/keys/bindings.ts';
import {consoleOnScreen} from './console-on-screen.ts';

const CODES: Readonly<Record<string, string>> = {
  enter: '\r',
  tab: '\t',
  'shift-tab': '\u001b[Z',
  esc: '\u001b',
  up: '\u001b[A',
  down: '\u001b[B',
  pgup: '\u001b[5~',
  pgdn: '\u001b[6~',
  home: '\u001b[H',
  end: '\u001b[F',
  'ctrl-b': '\u0002',
  'ctrl-f': '\u0006',
  'ctrl-l': '\u000c',
  'ctrl-r': '\u0012',
};

const keys = BINDINGS.filter(({where, id}) => where.includes('panes') && id !== 'quit' && id !== 'repaint').flatMap(
  (binding) => binding.keys.map((key): [string, string] => [key, binding.help]),
);

test.each(keys)('%s does something that can be seen, or says why not: %s', async (key) => {
  // From a zoomed pane with a filter and the cursor in the middle, so that every direction and every way back has something to do.
  const console = await consoleOnScreen();
  console.type('jjjz/e\r');
  await console.waitFor('filter e');
  await console.waitFor(/▌. /);
  const before = (await console.rows()).join('\n');
  console.type(CODES[key] ?? key);
  let after = before;
  for (let tries = 0; tries < 100 && after === before; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    after = (await console.rows()).join('\n');
  }
  // 2 is where the cursor is already.
  expect(after === before).toBe(key === '2');
  expect(after).not.toContain('does nothing here');
});

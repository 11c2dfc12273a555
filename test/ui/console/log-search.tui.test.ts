import {expect, test} from 'vitest';
import {consoleOnScreen} from './console-on-screen.ts';
import {numbered, onLog} from './on-log.ts';

test('a search goes to the row that has the words, wrapped or cut, on the narrowest screen as well', async () => {
  const lines = Array.from({length: 60}, (_, i) => `line ${i} ${'x'.repeat(75)}${i === 20 ? ' needle' : ''}`).join(
    '\n',
  );
  const console = await consoleOnScreen({
    log: (from) => ({from: Math.max(0, from), text: from < 0 ? `${lines}\n` : '', end: lines.length + 1}),
  });
  console.type('jl');
  await console.waitFor('line 59');
  console.type('/needle\r');
  const cut = await console.waitFor('the match is cut off on the right: w wraps');
  expect(cut.split('\n')[3]).toContain('line 20 ');
  expect(cut.split('\n')[2]).toContain('not following, F follows · searched: needle');
  console.type('w');
  const wrapped = await console.waitFor(/wrapped.*\n│ line 20[^]* needle/);
  expect(wrapped.split('\n')[4]).toContain('needle');
  console.type('n');
  await console.waitFor(/wrapped.*\n│ x+ needle/);
  console.resize(60, 20);
  const narrow = await console.waitFor(/not following.*…/);
  expect(narrow.split('\n')[3]).toContain('needle');
  console.type('j');
  await console.waitFor(/follow.*\n│ line 21 /);
  console.type('n');
  await console.waitFor(/follow.*\n│ x* needle/);
});

test('n goes up from match to match, N down again, also among those of the last page', async () => {
  const console = await onLog(() => numbered(60));
  const top = async (line: number): Promise<string> =>
    console.waitFor(new RegExp(`Log of events.*\\n│ line ${line} of it`));
  console.type('/5 of\r');
  await top(42);
  console.type('n');
  await top(35);
  console.type('n');
  await top(25);
  console.type('N');
  await top(35);
  // The next ones, 45 and 55, are on the last page: the one after them is the first again.
  console.type('NNN');
  await console.waitFor('no more below: from the beginning again');
  await top(5);
  console.type('N');
  await top(15);
});

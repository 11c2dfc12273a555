import {describe, expect, test} from 'vitest';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import {screenText} from '../../../src/ui/screen/screen-text.ts';
import {clip, widthOf} from '../../../src/ui/screen/width.ts';
import {consoleOnScreen} from './console-on-screen.ts';
import {readingsAt} from '../fixtures/acme-readings.ts';
import {FACTS, journal, LOADING, NOW} from '../fixtures/acme-run.ts';

const NAMES = {
  'an escape sequence': 'a\u001b[31m\u001b]0;owned\u0007b',
  'wide characters': '注文明細テーブル'.repeat(6),
  'combining characters': 'e\u0301'.repeat(40) + 'Z' + '\u0301'.repeat(60),
  'a family with joiners': '👨‍👩‍👧‍👦'.repeat(10),
  'right to left': '\u202egpj.exe אבג',
  'a very long name': 'x'.repeat(500),
  'line ends': 'a\r\nb\nc\u2028d',
  'flags and skin tones': '🇩🇪👍🏽'.repeat(8),
};

/** The last sign of every row. */
function edgeOf(rows: readonly string[]): string {
  return rows.map((row) => row.at(-1) ?? ' ').join('');
}

describe.each(Object.entries(NAMES))('a table named with %s', (_, name) => {
  test.each([
    [80, 24],
    [120, 40],
    [200, 50],
  ])('does not break a line at %ix%i', async (columns, rows) => {
    const console = await consoleOnScreen({columns, rows, silent: true});
    const unit = {id: '01-x', kind: 'table' as const, tables: [{schema: name, name}], bytes: 1000};
    const entries = [
      ...LOADING.slice(0, 30),
      ...journal(
        [
          {type: 'load.planned', boundary: '0/1' as never, units: [unit], lanes: 1},
          {type: 'unit.started', unit: '01-x', attempt: 1, lane: 1, folder: '/x'},
          {
            type: 'unit.failed',
            unit: '01-x',
            attempt: 1,
            failure: {cause: 'producer', message: name, table: null, sqlstate: null, remedy: name, heals: false},
            retryAt: null,
          },
        ],
        31,
      ),
    ];
    console.say({type: 'hello', protocol: 1, pid: 1, facts: FACTS});
    console.say({type: 'snapshot', state: reduceAll(entries), events: entries, readings: []});
    await console.waitFor('acme-prod');
    const screen = await console.rows();
    // What is at the edge of the screen is still there: the panes' frames, or their rules.
    const panes = screen.slice(2, -2);
    const framed = new RegExp(`^[┐│┘]{${rows - 4}}$`).test(edgeOf(panes));
    const ruled = panes.filter((row) => row.startsWith('─') && row.endsWith('─')).length;
    expect(framed || ruled === 3).toBe(true);
    expect(framed).toBe(columns >= 120);
    expect(screen[0]).toContain('acme-prod');
    expect(screen.at(-1)).toContain('q leave');
    console.type('\r');
    await console.waitFor('cause');
    console.type('q');
    await console.left;
  });

  test('is cut to the cells that it may take', () => {
    for (const width of [1, 2, 7, 20]) expect(widthOf(clip(screenText(name), width))).toBeLessThanOrEqual(width);
  });
});

test.each(Object.entries(NAMES))('log lines, slots and what is typed with %s break no line', async (_, name) => {
  const console = await consoleOnScreen({columns: 120, rows: 40, log: () => ({from: 0, text: `${name}\n`, end: 1})});
  const [slots] = readingsAt(NOW + 1000).filter((reading) => reading.probe === 'slots');
  if (slots?.probe !== 'slots') throw new Error('no slots');
  const hostile = slots.slots.map((slot) => ({...slot, name, plugin: name}));
  console.say({type: 'reading', reading: {...slots, slots: hostile}});
  console.pass(500);
  console.type('jl');
  await console.waitFor('Log of events');
  console.type(`/\u001b[200~${name}\u001b[201~\r`);
  await console.waitFor(/searched|no line has/);
  const framed = async (): Promise<string> => edgeOf((await console.rows()).slice(2, -2));
  expect(await framed()).toMatch(/^[┐│┘]{36}$/);
  console.type('\u001b');
  await console.waitFor('3 Slots');
  expect(await framed()).toMatch(/^[┐│┘]{36}$/);
  console.type('/');
  await console.waitFor('filter lanes');
  console.type(`\u001b[200~${name}\u001b[201~\r`);
  await console.waitFor('▶ 2 Lanes');
  expect(await framed()).toMatch(/^[┐│┘]{36}$/);
});

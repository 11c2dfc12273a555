import {describe, expect, test} from 'vitest';
import {reduceAll} from '../../src/domain/reduce.ts';
import {screenText} from '../../src/ui/screen/screen-text.ts';
import {clip, widthOf} from '../../src/ui/screen/width.ts';
import {consoleOnScreen} from './console-on-screen.ts';
import {FACTS, journal, LOADING} from './acme-run.ts';

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
    expect(screen).toHaveLength(rows);
    // What stands at the edge of the screen still stands there.
    const edged = screen.slice(2, -2).filter((row) => row.endsWith('┐') || row.endsWith('│') || row.endsWith('┘'));
    expect(edged).toHaveLength(columns >= 120 ? rows - 4 : 0);
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

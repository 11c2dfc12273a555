import {describe, expect, test} from 'vitest';
import {bar, spark} from '../../../src/ui/screen/chart.ts';
import {screenText} from '../../../src/ui/screen/screen-text.ts';
import {span} from '../../../src/ui/screen/span.ts';
import {symbolsFor} from '../../../src/ui/screen/symbols.ts';
import {clip, clipLine, lineWidth, padEnd, spread, widthOf} from '../../../src/ui/screen/width.ts';
import {windowAround} from '../../../src/ui/screen/window.ts';
import {wrapText} from '../../../src/ui/screen/wrap.ts';

const signs = symbolsFor(false);

describe('text from servers', () => {
  test.each([
    ['a\u001b[31mb', String.raw`a\x1b[31mb`],
    ['a\nb', String.raw`a\nb`],
    ['a\u200db', String.raw`a\u200db`],
    ['表', '表'],
    ['e\u0301', 'e\u0301'],
    ['\u0301x', ' \u0301x'],
    ['🇩🇪', String.raw`\u1f1e9\u1f1ea`],
    ['x\u0301\u0301\u0301\u0301', 'x\u0301\u0301'],
  ])('%j becomes %j', (text, safe) => expect(screenText(text)).toBe(safe));
});

describe('widths', () => {
  test.each([
    ['abc', 3],
    ['表a', 3],
    ['‖▶✗░', 4],
  ])('%s takes %i cells', (text, cells) => expect(widthOf(text)).toBe(cells));

  test('a wide character is never cut in half', () => {
    expect(clip('表表表', 4)).toBe('表…');
    expect(padEnd('表表表', 4)).toBe('表… ');
    expect(clip('abc', 0)).toBe('');
  });

  test('a line is cut at a span and within one', () => {
    const line = [span('abc', 'bad'), span('defg')];
    expect(clipLine(line, 5)).toEqual([span('abc', 'bad'), span('d…')]);
    expect(lineWidth(spread(line, [span('right')], 20))).toBe(20);
  });

  test('text breaks at spaces, and anywhere where there are none', () => {
    expect(wrapText('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrapText('abcdefghij k', 4)).toEqual(['abcd', 'efgh', 'ij k']);
  });
});

describe('charts', () => {
  test('a bar shows the first byte and is full only when all is in', () => {
    expect(bar(0, 4, signs)).toBe('░░░░');
    expect(bar(0.001, 4, signs)).toBe('█░░░');
    expect(bar(0.999, 4, signs)).toBe('███░');
    expect(bar(1, 4, signs)).toBe('████');
  });

  test('a spark line is flat where nothing moves', () => {
    expect(spark([5, 5], 4, signs)).toBe('▁▁▁▁');
    expect(spark([0, 7], 4, signs)).toBe('  ▁█');
    expect(spark([], 2, signs)).toBe('  ');
  });
});

test('a list scrolls with the selected row in the middle, and stops at its ends', () => {
  expect(windowAround(10, 0, 4)).toEqual({top: 0, bottom: 4});
  expect(windowAround(10, 5, 4)).toEqual({top: 3, bottom: 7});
  expect(windowAround(10, 9, 4)).toEqual({top: 6, bottom: 10});
  expect(windowAround(2, 1, 4)).toEqual({top: 0, bottom: 2});
});

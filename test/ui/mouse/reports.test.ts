import {array, assert, constantFrom, nat, property} from 'fast-check';
import {describe, expect, test} from 'vitest';
import {mouseReader} from '../../../src/ui/mouse/reports.ts';

const ESC = '\u001b';
const PASTE = (text: string): string => `${ESC}[200~${text}${ESC}[201~`;
const CLICK = `${ESC}[<0;5;7M`;

/** Everything in one piece: text joined, reports as they are. */
function read(...pieces: string[]): unknown[] {
  const take = mouseReader();
  return pieces.flatMap((piece) => take(piece));
}

describe('of what a terminal sends', () => {
  test.each([
    ['keys', ['jk\u007f'], ['jk\u007f']],
    ['an Esc that comes alone', [ESC], [ESC]],
    ['an arrow, and one that comes in two pieces', [`${ESC}[A`, `${ESC}[`, 'B'], [`${ESC}[A`, `${ESC}[`, 'B']],
    ['a click between keys', [`j${CLICK}k`], ['j', {did: 'click', x: 4, y: 6}, 'k']],
    ['a click that comes in pieces', [`${ESC}[<0;5`, ';7', 'M'], [{did: 'click', x: 4, y: 6}]],
    [
      'the wheel',
      [`${ESC}[<64;300;1M${ESC}[<65;1;1M`],
      [
        {did: 'wheel up', x: 299, y: 0},
        {did: 'wheel down', x: 0, y: 0},
      ],
    ],
    [
      'the release, another button, a drag, Ctrl',
      [`${ESC}[<0;5;7m${ESC}[<2;5;7M${ESC}[<32;5;7M${ESC}[<16;5;7Mq`],
      ['q'],
    ],
    ['what only begins as a report does', [`${ESC}[<0;5`, 'q'], [`${ESC}[<0;5q`]],
    ['a paste', [PASTE(`a${CLICK}b`)], [PASTE(`a${CLICK}b`)]],
    ['a click behind a paste', [`${PASTE('a')}${CLICK}`], [PASTE('a'), {did: 'click', x: 4, y: 6}]],
  ])('%s', (_, pieces, found) => {
    expect(read(...pieces)).toEqual(found);
  });

  test('whatever is pasted, in whatever pieces it comes, the mouse did nothing', () => {
    const hostile = array(constantFrom(CLICK, `${ESC}[<64;1;1M`, ESC, '[<', '0;1;1M', 'q', `${ESC}[20`), {
      maxLength: 8,
    });
    assert(
      property(hostile, array(nat(60), {maxLength: 12}), (parts, cuts) => {
        const all = PASTE(parts.join(''));
        const places = [0, ...cuts.filter((cut) => cut < all.length).toSorted((a, b) => a - b), all.length];
        const pieces = places.slice(1).map((end, index) => all.slice(places[index], end));
        expect(read(...pieces).join('')).toBe(all);
      }),
    );
  });

  test('keys and pastes come out as they went in, in their order, in whatever pieces', () => {
    const typed = array(constantFrom('j', ESC, `${ESC}[A`, `${ESC}[3~`, `${ESC}[2~`, PASTE('x'), 'ä', '\u007f'), {
      maxLength: 12,
    });
    assert(
      property(typed, array(nat(60), {maxLength: 12}), (keys, cuts) => {
        const all = `${keys.join('')}.`;
        const places = [0, ...cuts.filter((cut) => cut < all.length).toSorted((a, b) => a - b), all.length];
        const pieces = places.slice(1).map((end, index) => all.slice(places[index], end));
        expect(read(...pieces).join('')).toBe(all);
      }),
    );
  });
});

import {describe, expect, test} from 'vitest';
import {type Theme, themeFor} from '../../src/ui/theme.ts';

const ESC = '\u001b';
const TONES = ['plain', 'dim', 'strong', 'good', 'warn', 'bad', 'accent'] as const;
const COLOURED = ['good', 'warn', 'bad', 'accent'] as const;

/** xterm's own colours, which are among the least readable of all terminals'. */
const XTERM = ['#000000', '#cd0000', '#00cd00', '#cdcd00', '#0000ee', '#cd00cd', '#00cdcd', '#e5e5e5'];
const LEVELS = [0, 0x5f, 0x87, 0xaf, 0xd7, 0xff];

type Colour = readonly [red: number, green: number, blue: number];

function hex(text: string): Colour {
  const of = (at: number): number => Number.parseInt(text.slice(at, at + 2), 16);
  return [of(1), of(3), of(5)];
}

/** What a sequence makes of text; null where it leaves it as the terminal has it. */
function colourOf(painted: string): Colour | null {
  const number = Number(/38;5;(\d+)m/.exec(painted)?.[1] ?? -1);
  if (number >= 232) return [8 + (number - 232) * 10, 8 + (number - 232) * 10, 8 + (number - 232) * 10];
  if (number >= 16) {
    const level = (divisor: number): number => LEVELS[Math.floor((number - 16) / divisor) % 6] ?? 0;
    return [level(36), level(6), level(1)];
  }
  const basic = new RegExp(String.raw`${ESC}\[3([0-7])m`).exec(painted)?.[1];
  return basic === undefined ? null : hex(XTERM[Number(basic)] ?? '');
}

/** The contrast of two colours. Source: https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio */
function contrast(a: Colour, b: Colour): number {
  const luminance = (colour: Colour): number => {
    const [r = 0, g = 0, blue = 0] = colour.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function least(theme: Theme, background: string): number {
  return Math.min(
    ...TONES.flatMap((tone) => {
      const colour = colourOf(theme[tone]('x'));
      return colour === null ? [] : [contrast(colour, hex(background))];
    }),
  );
}

describe('a theme', () => {
  // 4.5 is what WCAG asks of text, 3 of bold or large text.
  test.each([
    ['light', 256, '#ffffff', 5.6],
    ['light', 256, '#fdf6e3', 4.5],
    ['light', 256, '#eeeeee', 4.5],
    ['light', 16, '#ffffff', 4.5],
    ['dark', 256, '#000000', 3],
    ['dark', 16, '#000000', 3],
  ] as const)('%s with %i colours can be read on %s', (theme, colours, background, atLeast) => {
    expect(least(themeFor({theme, colours, noColor: false}), background)).toBeGreaterThanOrEqual(atLeast);
  });

  test('the light one has neither yellow nor bright white, nor anything that a terminal may have set to them', () => {
    const light = themeFor({theme: 'light', colours: 256, noColor: false});
    for (const tone of TONES) expect(light[tone]('x')).not.toMatch(new RegExp(String.raw`${ESC}\[(3[0-7]|9[0-7]|2)m`));
  });

  test.each(['dark', 'light'] as const)(
    '%s: what is good, warns, is bad or chosen has its own colour, and ends with it',
    (theme) => {
      const painted = themeFor({theme, colours: 256, noColor: false});
      expect(new Set(COLOURED.map((tone) => painted[tone]('x'))).size).toBe(COLOURED.length);
      for (const tone of TONES)
        expect(painted[tone]('x')).toMatch(
          tone === 'plain' ? /^x$/ : new RegExp(String.raw`^(${ESC}\[[\d;]+m)+x(${ESC}\[(39|22)m)+$`),
        );
      expect(painted.bad('')).toBe('');
    },
  );

  test.each(['dark', 'light'] as const)('%s: NO_COLOR leaves no colour at all', (theme) => {
    const plain = themeFor({theme, colours: 256, noColor: true});
    for (const tone of TONES) expect(colourOf(plain[tone]('x')), tone).toBeNull();
  });
});

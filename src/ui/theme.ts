import {styleText} from 'node:util';
import type {Tone} from './screen/span.ts';

/** The style of every tone: the text between the sequences that begin and end its style. */
export type Theme = Readonly<Record<Tone, (text: string) => string>>;

/** What the theme is chosen by. */
export interface Taste {
  /** `console.theme`: what is behind the text. */
  readonly theme: 'dark' | 'light';
  /** How many colours the terminal has. */
  readonly colours: 16 | 256;
  /** No colours at all (NO_COLOR, https://no-color.org). */
  readonly noColor: boolean;
}

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan' | 'blue' | 'magenta';
type Styles = Readonly<Record<Tone, readonly (Style | number)[]>>;

/** Names are the terminal's own sixteen colours, which its owner has chosen for its background. */
const DARK: Styles = {
  plain: [],
  dim: ['dim'],
  strong: ['bold'],
  good: ['green'],
  warn: ['yellow'],
  bad: ['bold', 'red'],
  accent: ['cyan'],
};

/**
 * Numbers of the 256 colours, which no terminal lets its owner change. On white the sixteen are not to be read: xterm's yellow has a contrast of
 * 1.7 to 1, its cyan 2.0, its green 2.1. These have at least 5.6 on white, and 4.5 on a cream-coloured background (test/ui/theme.test.ts).
 */
const LIGHT: Styles = {
  plain: [],
  dim: [240],
  strong: ['bold'],
  good: [22],
  warn: [94],
  bad: ['bold', 124],
  accent: [25],
};

/** Of sixteen colours, red, blue and magenta alone are dark enough; what is good has its sign, and the colour of all text. */
const LIGHT_OF_16: Styles = {
  plain: [],
  dim: ['dim'],
  strong: ['bold'],
  good: [],
  warn: ['magenta'],
  bad: ['bold', 'red'],
  accent: ['blue'],
};

const NO_COLOURS: Styles = {
  plain: [],
  dim: ['dim'],
  strong: ['bold'],
  good: [],
  warn: ['bold'],
  bad: ['bold'],
  accent: ['bold'],
};

/** The styles for a dark background, or for a light one, or without any colour. */
export function themeFor(taste: Taste): Theme {
  const styles = stylesFor(taste);
  return {
    plain: painter(styles.plain),
    dim: painter(styles.dim),
    strong: painter(styles.strong),
    good: painter(styles.good),
    warn: painter(styles.warn),
    bad: painter(styles.bad),
    accent: painter(styles.accent),
  };
}

function stylesFor({theme, colours, noColor}: Taste): Styles {
  if (noColor) return NO_COLOURS;
  if (theme === 'dark') return DARK;
  return colours === 256 ? LIGHT : LIGHT_OF_16;
}

// Spans are painted by the thousand; styleText judges its arguments anew every time, so that it is asked once.
function painter(styles: readonly (Style | number)[]): (text: string) => string {
  const [open, close] = styles.reduce<readonly [string, string]>(
    ([before, after], style) => {
      const [begin, end] = sequencesOf(style);
      return [before + begin, end + after];
    },
    ['', ''],
  );
  return open === '' ? (text) => text : (text) => (text === '' ? '' : `${open}${text}${close}`);
}

function sequencesOf(style: Style | number): readonly [begin: string, end: string] {
  if (typeof style === 'number') return [`\u001b[38;5;${style}m`, '\u001b[39m'];
  const [begin = '', end = ''] = styleText(style, '|', {validateStream: false}).split('|');
  return [begin, end];
}

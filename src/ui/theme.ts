import {styleText} from 'node:util';
import type {Tone} from './screen/span.ts';

/** The style of every tone: the text between the sequences that begin and end its style. */
export type Theme = Readonly<Record<Tone, (text: string) => string>>;

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';
type Styles = Readonly<Record<Tone, readonly Style[]>>;

const COLOURS: Styles = {
  plain: [],
  dim: ['dim'],
  strong: ['bold'],
  good: ['green'],
  warn: ['yellow'],
  bad: ['bold', 'red'],
  accent: ['cyan'],
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

/** The styles with colours, or without any (NO_COLOR, https://no-color.org). */
export function themeFor(noColor: boolean): Theme {
  const styles = noColor ? NO_COLOURS : COLOURS;
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

// Spans are painted by the thousand; styleText judges its arguments anew every time, so that it is asked once.
function painter(styles: readonly Style[]): (text: string) => string {
  if (styles.length === 0) return (text) => text;
  const [open, close] = styleText([...styles], '|', {validateStream: false}).split('|');
  return (text) => (text === '' ? '' : `${open}${text}${close}`);
}

import type {TextProps} from 'ink';
import type {Tone} from './screen/span.ts';

/** How every tone looks. */
export type Theme = Readonly<Record<Tone, Pick<TextProps, 'color' | 'bold' | 'dimColor'>>>;

const COLOURS: Theme = {
  plain: {},
  dim: {dimColor: true},
  strong: {bold: true},
  good: {color: 'green'},
  warn: {color: 'yellow'},
  bad: {color: 'red', bold: true},
  accent: {color: 'cyan'},
};

const NO_COLOURS: Theme = {
  plain: {},
  dim: {dimColor: true},
  strong: {bold: true},
  good: {},
  warn: {bold: true},
  bad: {bold: true},
  accent: {bold: true},
};

/** The looks with colours, or without any (NO_COLOR, https://no-color.org). */
export function themeFor(noColor: boolean): Theme {
  return noColor ? NO_COLOURS : COLOURS;
}

import {widthOf} from './width.ts';

const ASCII = /^[ -~]*$/;
const KNOWN: Readonly<Record<string, string>> = {'…': '~', '·': '-', '–': '-', '‖': '=', µ: 'u'};
const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** The text for a terminal without Unicode, in as many cells as before: what ASCII has no sign for becomes `?`. */
export function toAscii(text: string): string {
  if (ASCII.test(text)) return text;
  return Array.from(graphemes.segment(text), ({segment}) =>
    ASCII.test(segment) ? segment : (KNOWN[segment] ?? '?'.repeat(widthOf(segment))),
  ).join('');
}

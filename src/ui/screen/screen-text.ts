import {printable} from '../../domain/base/printable.ts';

// Terminals, tmux and Ink disagree on how many cells these take: format characters and joiners, spacing and enclosing marks,
// private and unassigned code points, variation selectors, conjoining jamo, flags and skin tones.
const UNMEASURABLE = new RegExp(
  [
    String.raw`[\p{Cf}\p{Mc}\p{Me}\p{Co}\p{Cn}\p{Cs}\u034f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]`,
    String.raw`[\u115f\u1160-\u11ff\u3164\uffa0]`,
    String.raw`[\u{1f1e6}-\u{1f1ff}]`,
    String.raw`[\u{1f3fb}-\u{1f3ff}]`,
  ].join('|'),
  'gu',
);
const STACKED_MARKS = /(\p{Mn}{2})\p{Mn}+/gu;
const LEADING_MARK = /^\p{Mn}/u;
const ASCII = /^[ -~]*$/;

/**
 * Text from a server, a name or a log, safe in a row: one line, no control characters, and only characters whose width
 * every terminal counts alike. What is replaced stays visible: a zero-width joiner becomes `\u200d`.
 */
export function screenText(text: string): string {
  if (ASCII.test(text)) return text;
  const safe = printable(text)
    .replace(UNMEASURABLE, (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
    .replace(STACKED_MARKS, '$1');
  // A mark at the beginning would join whatever is before it in the row.
  return LEADING_MARK.test(safe) ? ` ${safe}` : safe;
}

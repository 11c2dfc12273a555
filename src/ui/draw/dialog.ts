import type {Overlay} from '../store/overlay.ts';
import {boxed} from '../screen/frame.ts';
import {type Line, span} from '../screen/span.ts';
import type {Symbols} from '../screen/symbols.ts';
import {clip, clipLine, padEnd} from '../screen/width.ts';
import {wrapText} from '../screen/wrap.ts';

type DialogOverlay = Extract<Overlay, {kind: 'dialog'}>;

/** The question, centred: facts and the exact SQL, which scroll together where there is little room, and the line to answer in. */
export function drawDialog(overlay: DialogOverlay, look: {width: number; height: number; symbols: Symbols}): Line[] {
  const {dialog, typed, wrong} = overlay;
  const {rows, room, inner} = layDialog(overlay, look);
  const first = Math.min(overlay.top, rows.length - room);
  const answer = answerRows(dialog, typed, wrong, look.symbols).map((line) => clipLine(line, inner));
  const more = rows.length > room ? `rows ${first + 1}-${first + room} of ${rows.length}: Up and Down scroll` : '';
  const body = [...rows.slice(first, first + room), [span(more === '' ? ' ' : more, 'warn')], ...answer];
  const width = inner + 4;
  const box = boxed(
    body.map((line) => [span(' '), ...clipLine(line, inner)]),
    {
      title: dialog.title,
      note: 'Esc leaves it',
      width,
      height: Math.min(look.height, body.length + 2),
      focused: true,
      symbols: look.symbols,
    },
  );
  const margin = ' '.repeat(Math.floor((look.width - width) / 2));
  const above = Math.floor((look.height - box.length) / 2);
  return [...Array.from({length: above}, (): Line => [span(' ')]), ...box.map((line) => [span(margin), ...line])];
}

/** The rows of the question that scroll, how many of them fit, and their width. */
export function layDialog(
  {dialog}: DialogOverlay,
  look: {width: number; height: number},
): {rows: readonly Line[]; room: number; inner: number} {
  const inner = Math.min(look.width, 100) - 4;
  const rows = [
    ...dialog.facts.flatMap(({label, text}) => factRows(label, text, inner)),
    ...dialog.runs.flatMap((action, i) => factRows(i === 0 ? 'runs' : '', action, inner)),
  ];
  // The frame, a line between, and the answer's one or two.
  const taken = 2 + 1 + (dialog.expect === null ? 1 : 2);
  return {rows, room: Math.max(1, Math.min(rows.length, look.height - taken)), inner};
}

function factRows(label: string, text: string, width: number): Line[] {
  return wrapText(text, Math.max(10, width - 10)).map((row, i): Line => [
    span(padEnd(i === 0 ? label : '', 10), 'dim'),
    span(row, label === 'lost' ? 'warn' : 'plain'),
  ]);
}

function answerRows(dialog: DialogOverlay['dialog'], typed: string, wrong: boolean, symbols: Symbols): Line[] {
  if (dialog.expect === null) {
    return [
      [span('Go on? y/N ', 'strong'), span(symbols.cursor, 'accent'), span(wrong ? '  press y or n' : '', 'warn')],
    ];
  }
  const shown = clip(typed, 60);
  return [
    [span(`Type ${dialog.expectIs} to go on: `, 'strong'), span(dialog.expect, 'accent')],
    [span('> ', 'strong'), span(shown), span(symbols.cursor, 'accent'), span(wrong ? '  that is not it' : '', 'bad')],
  ];
}

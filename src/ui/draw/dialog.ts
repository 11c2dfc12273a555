import type {Overlay} from '../store/overlay.ts';
import {boxed} from '../screen/frame.ts';
import {type Line, span} from '../screen/span.ts';
import type {Symbols} from '../screen/symbols.ts';
import {clip, clipLine, padEnd} from '../screen/width.ts';
import {wrapText} from '../screen/wrap.ts';

type DialogOverlay = Extract<Overlay, {kind: 'dialog'}>;

/** The question, centred: facts, the exact SQL (scrolls with the arrows), and the line to answer in. */
export function drawDialog(
  {dialog, typed, top, wrong}: DialogOverlay,
  look: {width: number; height: number; symbols: Symbols},
): Line[] {
  const width = Math.min(look.width, 100);
  const inner = width - 4;
  const facts = dialog.facts.flatMap(({label, text}) => factRows(label, text, inner));
  const answer = answerRows(dialog, typed, wrong, look.symbols).flatMap((line) => [clipLine(line, inner)]);
  const runs = dialog.runs.flatMap((action, i) => factRows(i === 0 ? 'runs' : '', action, inner));
  const room = Math.max(1, look.height - 2 - answer.length - 2 - Math.min(facts.length, look.height - 8));
  const first = Math.max(0, Math.min(top, runs.length - room));
  const shown = runs.slice(first, first + room);
  const below = runs.length - first - shown.length;
  const more: Line[] =
    below > 0 || first > 0
      ? [[span(`${' '.repeat(10)}rows ${first + 1}-${first + shown.length} of ${runs.length}: arrows scroll`, 'warn')]]
      : [];
  const body = [...facts.slice(0, Math.max(1, look.height - 8)), ...shown, ...more, [span(' ')], ...answer];
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

import type {Dialog, Overlay} from '../store/overlay.ts';
import {screenText} from '../screen/screen-text.ts';
import {boxed} from '../screen/frame.ts';
import {type Line, span} from '../screen/span.ts';
import type {Symbols} from '../screen/symbols.ts';
import {clipLine, lineWidth, padEnd} from '../screen/width.ts';
import {wrapText} from '../screen/wrap.ts';

type DialogOverlay = Extract<Overlay, {kind: 'dialog'}>;

interface Room {
  readonly width: number;
  readonly height: number;
  readonly complete: (text: string) => string;
}

/** The question, centred: facts and the exact SQL and commands, which scroll together where they do not fit, and the line to answer in. */
export function drawDialog(overlay: DialogOverlay, on: Room & {symbols: Symbols}): Line[] {
  const {rows, room, inner} = layDialog(overlay, on);
  const first = Math.min(overlay.top, rows.length - room);
  const answer = answerRows(overlay, inner, on.symbols);
  const more = rows.length > room ? `rows ${first + 1}-${first + room} of ${rows.length}: Up and Down scroll` : '';
  const body = [...rows.slice(first, first + room), noteOf(overlay, more), ...answer];
  const width = inner + 4;
  const box = boxed(
    body.map((line) => [span(' '), ...clipLine(line, inner)]),
    {
      title: overlay.dialog.title,
      note: 'Esc closes it',
      width,
      height: Math.min(on.height, body.length + 2),
      focused: true,
      symbols: on.symbols,
    },
  );
  const margin = ' '.repeat(Math.floor((on.width - width) / 2));
  const above = Math.floor((on.height - box.length) / 2);
  return [...Array.from({length: above}, (): Line => [span(' ')]), ...box.map((line) => [span(margin), ...line])];
}

/** Between the question and the answer: that it is another one, else that there is more of it. */
function noteOf({status}: DialogOverlay, more: string): Line {
  if (status === 'changed') return [span('The question has changed: read it again.', 'bad')];
  return [span(more === '' ? ' ' : more, 'warn')];
}

/** The rows of the question that scroll, how many of them fit, and their width. */
export function layDialog(
  {dialog, planned}: DialogOverlay,
  on: Room,
): {rows: readonly Line[]; room: number; inner: number} {
  const inner = Math.min(on.width, 100) - 4;
  const rows = [
    ...dialog.facts.flatMap(({label, text}) => factRows(label, on.complete(text), inner)),
    ...(dialog.runs ?? runsOf(planned)).flatMap((action, i) => factRows(i === 0 ? 'runs' : '', action, inner)),
  ];
  // The frame, a line between, and the answer.
  const taken = 2 + 1 + promptOf(dialog, inner).length + (dialog.expect === null ? 0 : 1);
  return {rows, room: Math.max(1, Math.min(rows.length, on.height - taken)), inner};
}

/** What the supervisor said that it would do, a row for each line of it. */
function runsOf(planned: DialogOverlay['planned']): string[] {
  if (planned === null || planned.ok === 'asked') return ['the supervisor is being asked'];
  if (!planned.ok) return [`not known: ${screenText(planned.why)}`];
  if (planned.actions.length === 0) return ['nothing'];
  return planned.actions.flatMap(({on, text}) => {
    const [first = '', ...more] = text.split('\n').map(screenText);
    return [`${on}: ${first}`, ...more];
  });
}

function factRows(label: string, text: string, width: number): Line[] {
  return wrapText(text, Math.max(10, width - 10)).map((row, i): Line => [
    span(padEnd(i === 0 ? label : '', 10), 'dim'),
    span(row, label === 'lost' ? 'warn' : 'plain'),
  ]);
}

/** What has to be typed is shown whole, below its words where it does not fit beside them. */
function promptOf({expect, expectIs}: Dialog, width: number): Line[] {
  if (expect === null) return [[span('Continue? y/N ', 'strong')]];
  const words = span(`Type ${expectIs} to confirm: `, 'strong');
  const name = span(expect, 'accent');
  return lineWidth([words, name]) <= width ? [[words, name]] : [[words], [name]];
}

function answerRows({dialog, typed, wrong, status}: DialogOverlay, width: number, symbols: Symbols): Line[] {
  if (status === 'over') return [[span('Not asked any more: the run has changed. Esc closes it', 'bad')]];
  const prompt = promptOf(dialog, width);
  const cursor = span(symbols.cursor, 'accent');
  const hint = wrong ? wrongWords(dialog) : '';
  const said = span(hint, 'bad');
  if (dialog.expect === null) return [clipLine([...(prompt[0] ?? []), cursor, said], width)];
  // The end of a long one, where the cursor is.
  const room = Math.max(1, width - 3 - hint.length);
  const chars = Array.from(typed);
  const shown = chars.length <= room ? typed : `…${chars.slice(1 - room).join('')}`;
  return [...prompt, clipLine([span('> ', 'strong'), span(shown), cursor, said], width)];
}

function wrongWords({expect}: Dialog): string {
  return expect === null ? '  press y or n' : '  that is not it';
}

import {type Line, type Tone, span} from '../../screen/span.ts';
import {clipLine, padEnd, padStart, widthOf} from '../../screen/width.ts';
import {windowAround} from '../../screen/window.ts';
import type {StepRow, StepsView} from '../../panes/steps.ts';
import {cursorOf} from '../cursor.ts';
import type {Look} from '../look.ts';

/** The checklist's rows around the selected step, or around the current one. */
export function drawSteps(view: StepsView, look: Look): Line[] {
  if (view.rows.length === 0) return [[span(' no steps yet', 'dim')]];
  const id = (look.focused ? look.selected : null) ?? view.current;
  const {top, bottom} = windowAround(
    view.rows.length,
    view.rows.findIndex((row) => row.id === id),
    look.height,
  );
  const titleWidth = Math.max(...view.rows.map((row) => widthOf(row.title)));
  return view.rows.slice(top, bottom).map((row) => clipLine(drawStep(row, {...look, titleWidth}), look.width));
}

function drawStep(row: StepRow, look: Look & {titleWidth: number}): Line {
  const tone = toneOf(row.status);
  const wide = look.width >= 70;
  const room = look.width - (wide ? 24 : 16);
  // A remark that is cut to a few letters says nothing: without room for it the title has the row, and Enter shows the rest.
  const titleWidth = room < 42 ? room : Math.min(look.titleWidth, room - 16);
  const remarkWidth = room - titleWidth - 2;
  const remark = remarkWidth < 6 ? ' '.repeat(Math.max(0, room - titleWidth)) : `  ${padEnd(row.remark, remarkWidth)}`;
  return [
    cursorOf(row.id, look),
    span(`${padStart(String(row.number), 2)} `, 'dim'),
    ...(wide ? [span(padEnd(row.phase, 8), 'dim')] : []),
    span(`${look.symbols[row.status]} `, tone),
    span(padEnd(row.title, titleWidth), row.status === 'pending' || row.status === 'skipped' ? 'dim' : 'plain'),
    span(remark, row.status === 'done' || row.status === 'skipped' ? 'dim' : tone),
    span(` ${padStart(row.took, 8)}`, 'dim'),
  ];
}

/** The tone of a step's status. */
function toneOf(status: StepRow['status']): Tone {
  switch (status) {
    case 'pending':
    case 'skipped':
      return 'dim';
    case 'waiting':
      return 'warn';
    case 'running':
      return 'accent';
    case 'done':
      return 'good';
    case 'failed':
      return 'bad';
  }
}

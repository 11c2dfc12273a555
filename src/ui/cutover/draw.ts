import {counted} from '../../domain/base/units.ts';
import {spark} from '../screen/chart.ts';
import {type Line, span} from '../screen/span.ts';
import type {Symbols} from '../screen/symbols.ts';
import {clip, padEnd, padStart, widthOf} from '../screen/width.ts';
import {wrapText} from '../screen/wrap.ts';
import {toneOfStep} from '../view-model/step-rows.ts';
import type {CutoverView} from './view.ts';

interface Room {
  readonly width: number;
  readonly height: number;
  readonly symbols: Symbols;
}

/** The screen of a cutover, the most pressing first: on a small one what is cut off is what can wait. Sections are apart where there is room. */
export function drawCutover(view: CutoverView, room: Room): Line[] {
  const [first = '', ...more] = view.now.flatMap((text) => wrapText(text, room.width - 2));
  const head = [[span(` ${view.clock.text}`, view.clock.tone)], [span(` ${first}`, 'accent')]];
  const longest = Math.max(0, ...view.steps.map(({title}) => widthOf(title)));
  const titleWidth = Math.min(longest, Math.floor(room.width * MOST_TITLE));
  // What the step waits for is worth more than what holds in every cutover.
  const isCut = view.steps.some((step) => cutRemark(step, titleWidth, room) !== null);
  const rest = isCut ? more.slice(0, -1) : more;
  const sections = [
    [...head, ...rest.map((text): Line => [span(` ${text}`, 'dim')])],
    view.steps.flatMap((step) => {
      const cut = cutRemark(step, titleWidth, room);
      return [
        stepLine(step, titleWidth, room),
        ...(cut === null ? [] : [[span(clip(`     ${cut}`, room.width), 'accent')]]),
      ];
    }),
    writerLines(view.writers, room),
    visitorLines(view.visitors, room),
    slotLines(view.slots, room),
    view.commands.map(({name, moment, output}): Line => [
      span(` ${name} ${moment}`, moment === 'runs' ? 'accent' : 'plain'),
      span(output === '' ? '' : `: ${output}`, 'dim'),
    ]),
  ].filter((lines) => lines.length > 0);
  const rows = sections.reduce((sum, lines) => sum + lines.length, 0);
  const isRoomy = rows + sections.length - 1 <= room.height;
  return sections.flatMap((lines, index): Line[] => (isRoomy && index > 0 ? [[span(' ')], ...lines] : lines));
}

const TOOK = 8;
/** The share of a line that titles may take. */
const MOST_TITLE = 0.58;

function remarkWidth(titleWidth: number, {width}: Room): number {
  return width - titleWidth - TOOK - 5;
}

/** What the step that runs waits for, where its own line has no room for it. */
function cutRemark({status, remark}: CutoverView['steps'][number], titleWidth: number, room: Room): string | null {
  return status === 'running' && widthOf(remark) > remarkWidth(titleWidth, room) ? remark : null;
}

function stepLine({title, status, took, remark}: CutoverView['steps'][number], titleWidth: number, room: Room): Line {
  const {symbols} = room;
  const isNow = status === 'running' || status === 'failed';
  return [
    span(` ${symbols[status]} `, toneOfStep(status)),
    span(padEnd(title, titleWidth), isNow ? 'strong' : status === 'done' ? 'plain' : 'dim'),
    span(padStart(took, TOOK), isNow ? 'strong' : 'dim'),
    span(`  ${clip(remark, remarkWidth(titleWidth, room))}`, isNow ? toneOfStep(status) : 'dim'),
  ];
}

function writerLines(writers: CutoverView['writers'], {width, symbols}: Room): Line[] {
  if (writers === null) return [];
  const {count, oldest} = writers;
  if (count === 0) return [[span(` ${symbols.done} `, 'good'), span('no transaction writes')]];
  const words = ` ${symbols.warning} ${count} ${count === 1 ? 'transaction writes' : 'transactions write'}`;
  return [
    [span(words, 'warn'), span(oldest[0] === undefined ? '' : clip(`: ${oldest[0]}`, width - widthOf(words)))],
    ...oldest.slice(1).map((who): Line => [span(`     ${who}`, 'dim')]),
  ];
}

/** On a small screen the others are in longhaul status. */
const VISITORS = 4;

function visitorLines(visitors: CutoverView['visitors'], {width, height, symbols}: Room): Line[] {
  if (visitors === null) return [];
  const {side, now, lines} = visitors;
  const shown = lines.slice(0, height >= ROOMY ? 2 * VISITORS : VISITORS);
  const more = lines.length - shown.length;
  const there = now === null ? '' : `, ${now === 0 ? 'nobody' : counted(now, 'session')} now`;
  return [
    [
      span(
        ` ${symbols.warning} ${counted(lines.length, 'client')} seen on the ${side} since it was left${there}`,
        'warn',
      ),
    ],
    ...shown.map((who): Line => [span(clip(`     ${who}`, width), 'plain')]),
    ...(more === 0 ? [] : [[span(`     and ${more} more: longhaul status`, 'dim')]]),
  ];
}

const ROOMY = 30;

/** Four readings a second. */
const SECONDS = 10;

function slotLines(slots: CutoverView['slots'], {width, symbols}: Room): Line[] {
  if (slots.length === 0) return [];
  const chart = width >= 100 ? 4 * SECONDS : SECONDS;
  const nameWidth = Math.min(24, Math.max(6, ...slots.map(({name}) => widthOf(name))));
  const heading = ` ${padEnd('slot', nameWidth + 2)}${padStart('behind', 10)}${padStart('late', 9)}  ${padEnd(width >= 100 ? `last ${SECONDS} s` : 'trend', chart)}`;
  return [
    [span(heading, 'dim')],
    ...slots.map(({name, behind, late, history, trouble}): Line => [
      span(` ${trouble === null ? symbols.live : symbols.failed} `, trouble === null ? 'good' : 'bad'),
      span(padEnd(name, nameWidth)),
      span(padStart(behind, 10)),
      span(padStart(late, 9)),
      span(`  ${spark(history, chart, symbols)}`, 'accent'),
      span(trouble === null ? '' : `  ${trouble}`, 'bad'),
    ]),
  ];
}

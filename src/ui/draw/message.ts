import type {Alarm} from '../../domain/alarm.ts';
import {screenText} from '../screen/screen-text.ts';
import {type Line, type Tone, span} from '../screen/span.ts';
import type {Symbols} from '../screen/symbols.ts';
import {clipLine, lineWidth} from '../screen/width.ts';
import type {ConsoleState} from '../store/console-store.ts';
import {alarmsNow} from '../view-model/findings.ts';

/** The row above the footer: what is being typed, else the toast, else the worst that stands, and how much more there is. */
export function drawMessage(state: ConsoleState, look: {width: number; symbols: Symbols}): Line {
  const {view, live} = state;
  const overlay = view.overlays.at(-1);
  if (overlay?.kind === 'filter') return typing(`filter ${overlay.pane}: `, overlay.typed, look);
  if (overlay?.kind === 'search') return typing('search: ', overlay.typed, look);
  if (view.toast !== null) return clipLine([span(' '), span(view.toast.text, view.toast.tone)], look.width);
  const [worst, ...more] = standing(live, look.symbols);
  if (worst === undefined) return [span(' ')];
  const rest: Line = more.length === 0 ? [] : [span(`  +${more.length} more`, 'accent')];
  return [...clipLine(worst, look.width - lineWidth(rest)), ...rest];
}

function typing(label: string, typed: string, look: {width: number; symbols: Symbols}): Line {
  return clipLine([span(` ${label}`, 'accent'), span(typed), span(look.symbols.cursor, 'accent')], look.width);
}

/** Everything that wants the operator, worst first: a lost P, what is critical, what failed, what waits, what warns, what comes next. */
function standing(live: ConsoleState['live'], symbols: Symbols): Line[] {
  const {run} = live;
  const moved = run.boundaryMoved;
  const alarms = alarmsNow(live);
  return [
    ...(moved === null ? [] : [said(symbols.failed, `P IS LOST: ${moved.message}. ${moved.remedy}`, 'bad')]),
    ...alarms
      .filter(({severity, id}) => severity === 'critical' && (moved === null || id !== 'boundary.moved'))
      .map((alarm) => said(symbols.failed, wordsOf(alarm), 'bad')),
    ...run.steps.flatMap(({id, state}) =>
      state.status === 'failed'
        ? [said(symbols.failed, `${id}: ${state.failure.message}. ${state.failure.remedy}`, 'bad')]
        : [],
    ),
    ...run.steps.flatMap(({state}) =>
      state.status === 'waiting' ? [[...said(symbols.waiting, `c shows it: ${state.question}`, 'warn')]] : [],
    ),
    ...alarms
      .filter(({severity}) => severity === 'warning')
      .map((alarm) => said(symbols.warning, wordsOf(alarm), 'warn')),
    ...nextAfterLoad(live, symbols),
  ];
}

function said(sign: string, text: string, tone: Tone): Line {
  return [span(` ${sign} ${screenText(text)}`, tone)];
}

function wordsOf({subject, seen, remedy}: Alarm): string {
  return `${subject} ${seen}: ${remedy}`;
}

function nextAfterLoad({run, facts}: ConsoleState['live'], symbols: Symbols): Line[] {
  if (run.status !== 'done' || run.boundary === null || facts === null || facts.cdcEngine === 'none') return [];
  const next = `start change capture (${facts.cdcEngine}) at P ${run.boundary.lsn}; until it reads, the slots keep the primary's WAL`;
  return [[span(` ${symbols.done} the load is in and compared: `, 'good'), span(next)]];
}

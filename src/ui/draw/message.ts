import {screenText} from '../screen/screen-text.ts';
import {type Line, span} from '../screen/span.ts';
import type {Symbols} from '../screen/symbols.ts';
import {clipLine} from '../screen/width.ts';
import type {ConsoleState} from '../store/console-store.ts';

/** The row above the footer: what is being typed, else the toast, else what waits, else the worst alarm, else what failed. */
export function drawMessage(state: ConsoleState, look: {width: number; symbols: Symbols}): Line {
  const {view, live} = state;
  const overlay = view.overlays.at(-1);
  if (overlay?.kind === 'filter') return typing(`filter ${overlay.pane}: `, overlay.typed, look);
  if (overlay?.kind === 'search') return typing('search: ', overlay.typed, look);
  if (view.toast !== null) return clipLine([span(' '), span(view.toast.text, view.toast.tone)], look.width);
  return clipLine(standing(live, look.symbols), look.width);
}

function typing(label: string, typed: string, look: {width: number; symbols: Symbols}): Line {
  return clipLine([span(` ${label}`, 'accent'), span(typed), span(look.symbols.cursor, 'accent')], look.width);
}

function standing({run, facts}: ConsoleState['live'], symbols: Symbols): Line {
  const waiting = run.steps.find((step) => step.state.status === 'waiting');
  if (waiting?.state.status === 'waiting') {
    return [span(` ${symbols.waiting} ${screenText(waiting.state.question)} `, 'warn'), span('c shows it', 'accent')];
  }
  if (run.boundaryMoved !== null) {
    return [
      span(
        ` ${symbols.failed} ${screenText(run.boundaryMoved.message)}. ${screenText(run.boundaryMoved.remedy)}`,
        'bad',
      ),
    ];
  }
  const failed = run.steps.find((step) => step.state.status === 'failed');
  if (failed?.state.status === 'failed') {
    const {message, remedy} = failed.state.failure;
    return [span(` ${symbols.failed} ${failed.id}: ${screenText(message)}. ${screenText(remedy)}`, 'bad')];
  }
  const alarm = run.alarms.find((one) => one.severity === 'critical') ?? run.alarms[0];
  if (alarm !== undefined) {
    const text = `${screenText(alarm.subject)} ${screenText(alarm.seen)}: ${screenText(alarm.remedy)}`;
    return [span(` ${symbols.warning} ${text}`, alarm.severity === 'critical' ? 'bad' : 'warn')];
  }
  if (run.status === 'done' && run.boundary !== null && facts !== null && facts.cdcEngine !== 'none') {
    const next = `start change capture (${facts.cdcEngine}) at P ${run.boundary.lsn}; until it reads, the slots keep the primary's WAL`;
    return [span(` ${symbols.done} the load is in and compared: `, 'good'), span(next)];
  }
  return [span(' ')];
}

import {isAboutSilence} from '../../domain/reading/silent-servers.ts';
import {describeAlarm} from '../../domain/reading/alarm.ts';
import {isTakenBack} from '../../domain/run/cutover/cutover.ts';
import {paneOf} from '../panes/panes.ts';
import {screenText} from '../screen/screen-text.ts';
import {type Line, type Span, type Tone, span} from '../screen/span.ts';
import type {Symbols} from '../screen/symbols.ts';
import {clipLine, lineWidth} from '../screen/width.ts';
import type {ConsoleState} from '../store/console-store.ts';
import {alarmsNow, isToldBelow} from '../view-model/findings.ts';
import {timeOfDay} from '../view-model/iso-time.ts';
import {silentServers} from '../view-model/readings.ts';

/** Cells that the worst problem keeps beside a toast. */
const LEAST_OF_DANGER = 24;

/** The row above the footer: what is being typed, else the toast, else the worst problem, and how many more there are. */
export function drawMessage(state: ConsoleState, on: {width: number; symbols: Symbols}): Line {
  const {view} = state;
  const overlay = view.overlays.at(-1);
  if (overlay?.kind === 'filter') return typing(`filter ${paneOf(overlay.pane).name}: `, overlay.typed, on);
  if (overlay?.kind === 'search') return typing('search: ', overlay.typed, on);
  const [worst, ...more] = problems(state, on.symbols).map((line) =>
    line.map(({text, tone}) => span(state.complete(text), tone)),
  );
  if (view.toast !== null) {
    // What has just been said does not hide what is dangerous, and is not said twice.
    const toast = span(state.complete(` ${view.toast.text}`), view.toast.tone);
    const danger = worst?.[0]?.tone === 'bad' && !hasWords(toast, worst[0]) ? worst : [];
    const room = on.width - (danger.length === 0 ? 0 : Math.max(LEAST_OF_DANGER, on.width - 80));
    return clipLine([...clipLine([toast], room), ...danger], on.width);
  }
  if (worst === undefined) return [span(' ')];
  const isCut = lineWidth(worst) > on.width;
  const isNews = worst[0]?.tone === 'good';
  // Where something is not to be seen, the key that shows it.
  const rest: Line =
    more.length === 0
      ? isCut && !isNews
        ? [span(' f', 'accent')]
        : []
      : [span(`  +${more.length} more: f`, 'accent')];
  return [...clipLine(worst, on.width - lineWidth(rest)), ...rest];
}

/** Whether a toast has the words of a problem, which begins with its sign: an alarm that has just come. */
function hasWords(toast: Span, problem: Span): boolean {
  return toast.text.includes(problem.text.replace(/^ \S+ /, ''));
}

function typing(label: string, typed: string, on: {width: number; symbols: Symbols}): Line {
  return clipLine([span(` ${label}`, 'accent'), span(typed), span(on.symbols.cursor, 'accent')], on.width);
}

/** Everything that wants the operator, worst first: a lost P, what is critical, what failed, what waits, what warns, what comes next. */
function problems({live, view}: ConsoleState, symbols: Symbols): Line[] {
  const {run} = live;
  const moved = run.boundaryMoved;
  const silent = silentServers(live);
  // A server that is told of already needs no line for each of its probes.
  const all = alarmsNow(live).filter(({id}) => !isAboutSilence(id, silent) && !isToldBelow(id));
  const alarms = all.filter(({over}) => !over);
  return [
    ...blindness(live, symbols),
    ...(moved === null
      ? []
      : [said(symbols.failed, `P IS LOST, C takes a new one: ${moved.message}. ${moved.remedy}`, 'bad')]),
    ...silent.map(({server, since, message}) => {
      const when = since === null ? '' : ` since ${timeOfDay(since)} UTC`;
      return said(symbols.failed, `${server.toUpperCase()} DOES NOT ANSWER${when}: ${message}`, 'bad');
    }),
    ...alarms
      .filter(({severity, id}) => severity === 'critical' && (moved === null || id !== 'boundary.moved'))
      .map((alarm) => said(symbols.failed, describeAlarm(alarm), 'bad')),
    ...(run.boundaryDisproved === null
      ? []
      : [said(symbols.failed, `${run.boundaryDisproved.message}. ${run.boundaryDisproved.remedy}`, 'bad')]),
    ...run.steps.flatMap(({id, state}) =>
      state.status === 'failed' && state.failure.message !== run.boundaryDisproved?.message && !isTakenBack(run, id)
        ? [said(symbols.failed, `${id}: ${state.failure.message}. ${state.failure.remedy}`, 'bad')]
        : [],
    ),
    ...run.steps.flatMap(({id, state}) =>
      state.status === 'waiting'
        ? asked(state.question, {view, confirm: `longhaul confirm ${id} ${run.run ?? ''}`}, symbols)
        : [],
    ),
    ...nextAfterLoad(live, symbols),
    ...alarms
      .filter(({severity}) => severity === 'warning')
      .map((alarm) => said(symbols.warning, describeAlarm(alarm), 'warn')),
    ...all
      .filter(({over}) => over)
      .map(({subject, seen}) => said(symbols.done, `the alarm on ${subject} ${seen}`, 'dim')),
  ];
}

/** How a question is answered; while it is open, the dialog says it. */
function asked(
  question: string,
  {view, confirm}: {view: ConsoleState['view']; confirm: string},
  symbols: Symbols,
): Line[] {
  if (view.overlays.at(-1)?.kind === 'dialog') return [];
  const how = view.readOnly ? `${confirm}, in another window, answers` : 'press c to answer';
  return [said(symbols.waiting, `${how}: ${question}`, 'warn')];
}

/** Without a supervisor no step is run and production is not watched, whatever the screen still shows. */
function blindness({link, run}: ConsoleState['live'], symbols: Symbols): Line[] {
  switch (link.status) {
    case 'connected':
    case 'connecting':
      return [];
    case 'refused':
      return [said(symbols.failed, `the supervisor refuses this console: ${link.message}; ${link.remedy}`, 'bad')];
    case 'lost': {
      const old = `Nothing here is younger than ${timeOfDay(link.since)} UTC`;
      if (run.supervisor === null && run.run !== null)
        return [
          said(symbols.warning, `the supervisor was ended: ${link.remedy}. ${old}, and nothing is watched`, 'warn'),
        ];
      const lanes = run.units.some(({state}) => state.status === 'running') ? 'Lanes run, nothing' : 'Nothing';
      // What to do comes first: eighty columns end soon.
      return [said(symbols.failed, `BLIND: ${link.remedy}. ${old}: ${link.why}. ${lanes} is watched`, 'bad')];
    }
  }
}

function said(sign: string, text: string, tone: Tone): Line {
  return [span(` ${sign} ${screenText(text)}`, tone)];
}

function nextAfterLoad({run, facts}: ConsoleState['live'], symbols: Symbols): Line[] {
  if (run.status !== 'done' || run.boundary === null || facts === null) return [];
  if (run.cdcStarted !== null || run.boundaryDisproved !== null) return [];
  const next =
    facts.changeCapture === null
      ? `the target is as the source was at P ${run.boundary.lsn}`
      : `start change capture (${facts.changeCapture}) at P ${run.boundary.lsn}; until it reads, the slots keep the primary's WAL`;
  return [[span(` ${symbols.done} loaded and compared: `, 'good'), span(next)]];
}

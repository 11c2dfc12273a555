import {describeAgain} from '../../../domain/run/again/describe-again.ts';
import {describeDifference} from '../../../domain/run/difference.ts';
import {Command} from 'commander';
import {withSeenNow} from '../../../domain/reading/alarm.ts';
import {describeBoundary} from '../../../domain/pg/hand-over.ts';
import {describeEnds, type EndsSeen} from '../../../domain/ends/describe-ends.ts';
import {lineFacts} from '../../../domain/reading/line-facts.ts';
import {readingKey} from '../../../domain/reading/reading-key.ts';
import {findSilent, type Silence} from '../../../domain/reading/silent-servers.ts';
import type {Reading} from '../../../domain/reading/reading.ts';
import {printable} from '../../../domain/base/printable.ts';
import {sideLeft} from '../../../domain/run/cutover/cutover.ts';
import {visitorWords} from '../../../domain/run/cutover/visitors.ts';
import {reduceAll} from '../../../domain/run/reduce.ts';
import {allCommitted, type RunState, type StepState, type UnitState} from '../../../domain/run/run-state.ts';
import type {StepId} from '../../../domain/run/step-id.ts';
import {counted, formatBytes, formatDuration, formatLimit} from '../../../domain/base/units.ts';
import {readJournal} from '../../../engine/run/journal.ts';
import {isListening} from '../../../engine/wire/probe-socket.ts';
import {isOver, whatNow, whatNowAlone} from '../../../domain/rules/what-now.ts';
import {openRun, type Env} from '../../run/open-run.ts';
import {lastReadings} from '../../run/last-readings.ts';
import {comparisonWords, lastComparison} from '../../../domain/run/cutover/last-comparison.ts';
import {formatStatusLine} from '../../run/status-line.ts';
import {describeUntold, untoldOf} from '../../run/untold-of.ts';
import {say} from '../../say.ts';

interface StatusFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly line?: boolean;
}

/** `longhaul status`: the run's state from its journal; with a dead supervisor as well, and then it says so. */
export function statusCommand(env: Env): Command {
  return new Command('status')
    .description('how far the run is, from its journal; works with the supervisor dead')
    .option('--json', 'the whole state as JSON, with readings and forecasts')
    .option('--line', 'one line of at most 60 columns, for the status line of tmux')
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<StatusFlags>();
      const run = await openRun(flags.config, env);
      const journalled = reduceAll(await readJournal(run.folder.journal));
      const readings = await lastReadings(run.folder.readings);
      const now = readings.findLast((reading) => reading.probe === 'alarms');
      const state = {...journalled, alarms: withSeenNow(journalled.alarms, now)};
      const alive = await isListening(run.folder.socket);
      const untold = alive && flags.line !== true ? await untoldOf(run, state) : [];
      if (flags.json === true)
        console.log(
          JSON.stringify(
            {
              supervisorAlive: alive,
              untold,
              ...asData(state, readings),
              whatNow: alive ? whatNow(state, silenceIn(readings, Date.now())) : whatNowAlone(state),
            },
            null,
            2,
          ),
        );
      else if (flags.line === true) {
        const facts = lineFacts(state, readings);
        console.log(formatStatusLine(facts, {alive, nowMs: Date.now()}));
      } else
        for (const line of [
          ...describeState(state, {alive, readings}, Date.now()),
          ...untold.map(describeUntold),
        ].flatMap((text) => text.split(`\n`)))
          say(run, printable(line));
    });
}

/** The state with what the probes saw last, by probe and server, what is forecast from it, and what to do next. Pure. */
export function asData(state: RunState, readings: readonly Reading[]): object {
  const newest = new Map(readings.map((reading) => [readingKey(reading), reading]));
  const forecast = (key: string): Reading | null => newest.get(key) ?? null;
  const forecasts = {
    source: forecast('runway:source'),
    replica: forecast('runway:replica'),
    target: forecast('runway:target'),
    load: forecast('eta'),
  };
  const seen = [...newest].filter(([, {probe}]) => !['runway', 'eta', 'alarms'].includes(probe));
  return {whatNow: whatNow(state), readings: Object.fromEntries(seen), forecasts, ...state};
}

/** The state as lines for people. Pure. */
export function describeState(
  state: RunState,
  {alive, readings}: {readonly alive: boolean; readonly readings: readonly Reading[]},
  nowMs: number,
): string[] {
  if (state.run === null) return ['The run has not begun: longhaul run'];
  const silence = silenceIn(readings, nowMs);
  const now = alive ? whatNow(state, silence) : whatNowAlone(state);
  return [
    `run ${state.run}: ${state.status}, ${supervisorWords(state, alive)}`,
    `P ${describeBoundary(state)}`,
    ...now.map((words) => `what now: ${words}`),
    ...(alive ? comparisonLines(state, nowMs) : []),
    // What a silent server has left to do ends nowhere.
    ...(alive && silence.silent.length === 0 ? describeEnds(endsIn(state, readings), nowMs) : []),
    ...state.steps.map(({id, state: step}) => `  ${mark(step)} ${id}${againOf(id, state, silence) ?? detailOf(step)}`),
    ...(state.lanesAsked?.lanes === state.lanes
      ? [`  lanes: ${state.lanes}, as somebody has asked, in place of ${state.lanesAsked.instead} of longhaul.yaml`]
      : []),
    ...(state.rateAsked === null
      ? []
      : [`  rate: ${formatLimit(state.rateAsked.bytesPerSecond)} for all lanes together, as somebody has asked`]),
    ...(state.held
      ? ['  HELD: no new unit is started, no index build and no scan of a comparison; longhaul resume --start']
      : []),
    ...state.units.map(
      (unit) => `  ${unit.id.padEnd(30)} ${formatBytes(unit.bytes).padStart(8)}  ${describeUnit(unit, nowMs)}`,
    ),
    ...state.differences.map(
      (one) =>
        `  ${one.accepted === null ? 'DIFFERS' : `differs, accepted by ${one.accepted.by} at ${one.accepted.at}`}: ${describeDifference(one)}${one.accepted === null ? `; ${one.remedy}` : ''}`,
    ),
    ...state.findings
      .filter(({severity}) => severity !== 'note')
      .map((finding) => `  ${finding.severity}: ${finding.subject}: ${finding.seen}`),
    ...visitorLines(state),
    ...(isOver(state) ? [] : state.alarms.map(alarmLine)),
  ];
}

/** Its snapshots keep vacuum from its work for as long as they are held. */
function comparisonLines(state: RunState, nowMs: number): string[] {
  const last = lastComparison(state);
  if (last === null) return [];
  return [`${comparisonWords(last, nowMs)}; longhaul cutover --end-comparison ends it before`];
}

/** Who still comes to the side that was left. */
function visitorLines(state: RunState): string[] {
  const {side, visitors} = sideLeft(state) ?? {visitors: []};
  return visitors.map((one) => `  seen on the ${side}, where production is no more: ${visitorWords(one)}`);
}

/** What does not answer is waited for: nothing else is told of it while its steps go on being tried. */
function silenceIn(readings: readonly Reading[], nowMs: number): Silence {
  return {silent: findSilent(new Map(readings.map((reading) => [readingKey(reading), reading]))), nowMs};
}

function supervisorWords(state: RunState, alive: boolean): string {
  if (alive) return `supervisor ${state.supervisor?.pid ?? '?'}`;
  if (isOver(state)) return 'no supervisor is running, and none is needed';
  const lanes = state.units.some((unit) => unit.state.status === 'running') ? '; lanes go on without one' : '';
  return `NO supervisor is running: what follows is from the journal${lanes}`;
}

/** Nothing is left to do about one that is over. */
function alarmLine(alarm: RunState['alarms'][number] & {readonly over?: boolean}): string {
  return alarm.over === true
    ? `  alarm since ${alarm.since}: ${alarm.subject} ${alarm.seen}`
    : `  ALARM since ${alarm.since}: ${alarm.subject} ${alarm.seen}; ${alarm.remedy}`;
}

/** The newest readings of what is under way; one of before the run's last step says nothing. */
function endsIn(state: RunState, readings: readonly Reading[]): EndsSeen {
  const isUnderWay = (...ids: readonly StepId[]): boolean =>
    state.steps.some((step) => ids.includes(step.id) && step.state.status === 'running');
  const eta = readings.findLast(({probe}) => probe === 'eta');
  const work = readings.findLast(({probe}) => probe === 'work');
  const isAgain = isUnderWay('compare-again');
  const isAfter =
    isAgain || isUnderWay('build-indexes', 'compare-rows') || (isUnderWay('full-load') && allCommitted(state));
  const now = isAfter && work?.probe === 'work' && work.work !== null && isUnderWay(work.work.step) ? work.work : null;
  // Behind the load nothing is to come but what is read just now.
  const isTold = isAgain ? now !== null : isAfter || isUnderWay('full-load');
  return {
    eta: eta?.probe === 'eta' && isTold ? eta.eta : null,
    areBuilt: isAgain || isUnderWay('compare-rows'),
    work: now,
  };
}

function mark(step: StepState): string {
  const marks = {pending: ' ', waiting: '?', running: '>', done: 'x', failed: '!', skipped: '-'} as const;
  return `[${marks[step.status]}]`;
}

function detailOf(step: StepState): string {
  switch (step.status) {
    case 'failed':
      return `: ${step.failure.message}\n      what to do: ${step.failure.remedy}`;
    case 'waiting':
      return `: ${step.question}`;
    case 'running':
      return step.progress === null ? '' : `: ${step.progress.done} of ${step.progress.total}, ${step.progress.what}`;
    case 'skipped':
      return `: ${step.reason}`;
    case 'pending':
    case 'done':
      return '';
  }
}

/** A comparison while changes flow tells of itself table by table, and as its step only what it waits for. */
function againOf(id: StepId, state: RunState, {silent}: Silence): string | null {
  const isGoingOn = state.steps.some((step) => step.id === id && step.state.status === 'running');
  const words = id === 'compare-again' && isGoingOn && silent.length === 0 ? describeAgain(state) : null;
  return words === null ? null : `: ${words}`;
}

function describeUnit({state}: UnitState, nowMs: number): string {
  switch (state.status) {
    case 'queued':
      return 'queued';
    case 'running':
      return `lane ${state.lane}, for ${formatDuration(nowMs - Date.parse(state.startedAt))}${state.attempt > 1 ? `, attempt ${state.attempt}` : ''}${state.paused === null ? '' : `, PAUSED by ${state.paused.by} since ${state.paused.since}`}`;
    case 'committed':
      return `loaded: ${counted(state.rows, 'row')}, ${formatBytes(state.bytes)} in ${formatDuration(state.tookMs)}`;
    case 'failed':
      return `FAILED: ${state.failure.message}; ${state.retryAt === null ? state.failure.remedy : `tried again at ${state.retryAt}`}`;
  }
}

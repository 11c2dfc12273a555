import {cdcNotExpected, isBoundaryLost} from '../pg/hand-over.ts';
import {whyNotWhole} from '../run/capture/capture-state.ts';
import {cutoverNow, isReadyForCutover, type Said} from './cutover.ts';
import {describeGravest} from './gravest-alarm.ts';
import {openDifferences} from '../run/difference.ts';
import {formatSilent, isAboutSilence, type Silence} from '../reading/silent-servers.ts';
import {counted} from '../base/units.ts';
import type {RunState} from '../run/run-state.ts';

/** What the operator does next, the most pressing first, each with its command; one sentence where there is nothing to do, and while an alarm is raised there is something. Pure. */
export function whatNow(state: RunState, silence: Silence = NONE_SILENT): string[] {
  if (state.run === null) return ['The run has not begun: longhaul run begins it.'];
  if (state.status === 'aborted') return ['The run was given up: longhaul run begins a new one, with a new P.'];
  return [...withAlarm(state, cutoverNow(state) ?? leftToDo(state, meanwhile(state)), silence)];
}

/** Nobody has readings, or all servers answer. */
const NONE_SILENT: Silence = {silent: [], nowMs: 0};

/** The same where no supervisor is running, without which nothing is at work. Pure. */
export function whatNowAlone(state: RunState): string[] {
  if (state.run === null || isOver(state)) return whatNow(state);
  return [
    'No step goes on and nothing is watched without a supervisor: longhaul run starts one.',
    ...withAlarm(state, cutoverNow(state) ?? leftToDo(state, {isQuiet: true, words: []}), NONE_SILENT),
  ];
}

/** A critical alarm comes before what waits for the operator anyway; nothing is quiet beside any, nor while a server does not answer. */
function withAlarm(state: RunState, said: Said, {silent, nowMs}: Silence): readonly string[] {
  if (isOver(state)) return said.words;
  const away = silent.map((one) => waitsFor(formatSilent(one, nowMs)));
  const alarms = state.alarms.filter(({id}) => !isAboutSilence(id, silent));
  const alarm = describeGravest({...state, alarms}, said.isQuiet);
  if (alarm === null) return said.isQuiet && away.length > 0 ? away : [...said.words, ...away];
  if (said.isQuiet) return [...away, alarm.words, ...(said.beside ?? [])];
  return alarm.isCritical ? [alarm.words, ...said.words, ...away] : [...said.words, ...away, alarm.words];
}

function waitsFor(away: string): string {
  return `The ${away}. See that it is up and reachable: what waits for it goes on by itself once it answers.`;
}

/** Whether nothing is left to do or to watch, so that nobody misses a supervisor. Pure. */
export function isOver({status, evidence}: Pick<RunState, 'status' | 'evidence'>): boolean {
  return status === 'aborted' || evidence['clean-up'] !== undefined;
}

/** What waits for the operator, the most pressing first; where nothing does, what is so. */
function leftToDo(state: RunState, otherwise: Said): Said {
  const open = [
    ...pOf(state),
    ...questions(state),
    ...failures(state),
    ...pausedLanes(state),
    ...heldForComparison(state),
    ...differences(state),
  ];
  if (open.length > 0) return {isQuiet: false, words: open};
  return state.status === 'done' ? afterwards(state) : otherwise;
}

function pOf(state: RunState): string[] {
  const {boundaryMoved, boundaryDisproved} = state;
  if (boundaryMoved !== null && isBoundaryLost(state)) return [`P is lost: ${boundaryMoved.remedy}`];
  return boundaryDisproved === null ? [] : [`P is no longer proved: ${boundaryDisproved.remedy}`];
}

function questions({steps, run, held}: RunState): string[] {
  const waiting = steps.flatMap(({id, state}) =>
    state.status === 'waiting'
      ? [`${id} waits for an answer: ${state.question} If so: longhaul confirm ${id} ${run}`]
      : [],
  );
  return held ? [...waiting, 'What is to begin next is held back: longhaul resume --start lets it begin'] : waiting;
}

/** Whoever has paused them may have gone home. */
function pausedLanes({units}: RunState): string[] {
  const paused = units.flatMap(({state}) =>
    state.status === 'running' && state.paused !== null ? [state.paused] : [],
  );
  const [first] = paused.toSorted((a, b) => (a.since < b.since ? -1 : 1));
  if (first === undefined) return [];
  const [are, them] = paused.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const by = [...new Set(paused.map((one) => one.by))].join(', ');
  return [
    `${counted(paused.length, 'lane')} ${are} paused since ${minuteOf(first.since)} by ${by}: longhaul resume --all lets ${them} go on`,
  ];
}

/** `2026-11-24 04:05 UTC`. */
function minuteOf(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

function heldForComparison({fence}: RunState): string[] {
  return fence === null
    ? []
    : [
        `Apply and replay are held for a comparison since ${minuteOf(fence.since)}; both go on by themselves once it is done.`,
      ];
}

function failures({steps, units}: RunState): string[] {
  const failed = failedUnits(units);
  const stopped = steps.flatMap(({id, state}) =>
    state.status === 'failed' && state.unfinished !== true
      ? [`Step ${id} has failed: ${state.failure.remedy}; then longhaul run`]
      : [],
  );
  // Failed units are why their step has failed.
  return failed.length > 0 ? failed : stopped;
}

/** So many units are named in one sentence. */
const NAMED = 3;

/** Hundreds that want the same are one thing to do. */
function failedUnits(units: RunState['units']): string[] {
  const wanting = units.flatMap(({id, state}) =>
    state.status === 'failed' && state.retryAt === null ? [{id, remedy: state.failure.remedy}] : [],
  );
  const alike = Map.groupBy(wanting, ({id, remedy}) => remedy.replaceAll(id, ''));
  return [...alike.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [others.length === 0 ? `Unit ${first.id} has failed: ${first.remedy}` : severalFailed(first, others)],
  );
}

interface FailedUnit {
  readonly id: string;
  readonly remedy: string;
}

function severalFailed({id, remedy}: FailedUnit, others: readonly FailedUnit[]): string {
  const all = [id, ...others.map((one) => one.id)];
  const named = all.slice(0, NAMED).join(', ');
  const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : '';
  return `${all.length} units have failed (${named}${more}): ${remedy.replaceAll(`longhaul retry ${id}`, 'longhaul retry --all')}`;
}

function differences(state: RunState): string[] {
  const count = openDifferences(state).length;
  return count === 0
    ? []
    : [
        `${count} ${count === 1 ? 'object differs' : 'objects differ'} on the target: longhaul accept lists ${count === 1 ? 'it' : 'them'} with queries and remedies; mend them and longhaul run, or accept them`,
      ];
}

function meanwhile({status, steps, stopped}: RunState): Said {
  const step = steps.find(({state}) => state.status === 'running');
  const why = stopped === null ? '' : ` (${stopped.reason})`;
  if (status === 'stopped')
    return {isQuiet: false, words: [`The run has stopped${why}: longhaul run goes on with it.`]};
  return quiet(step === undefined ? 'Nothing: the run goes on.' : `Nothing: ${step.id} is at work.`);
}

function quiet(words: string): Said {
  return {isQuiet: true, words: [words]};
}

function afterwards(state: RunState): Said {
  if (cdcNotExpected(state) === null) {
    const slots = state.lastProof?.slots.join(', ') ?? '';
    return {
      isQuiet: false,
      words: [
        `Start change capture at P ${state.boundary?.lsn ?? '?'} on ${slots}; once it reads them: longhaul cdc-started --yes ${state.run}`,
      ],
    };
  }
  const [first] = whyNotWhole(state.capture);
  if (first !== undefined) return {isQuiet: false, words: [`${first.why}: ${first.remedy}`]};
  if (isReadyForCutover(state))
    return quiet(
      `Nothing: change capture had caught up, and goes on. When the application is to move: longhaul cutover --check, then longhaul cutover --yes ${state.run}`,
    );
  return quiet(
    state.cdcStarted === null ? 'Nothing: the run is done.' : 'Nothing: the load is done and change capture has begun.',
  );
}

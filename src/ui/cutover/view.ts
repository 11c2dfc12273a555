import {formatBytes, formatDuration} from '../../domain/base/units.ts';
import {whatNow} from '../../domain/rules/what-now.ts';
import {
  isCutoverUnderWay,
  latestCutover,
  sideLeft,
  stoppedForMs,
  type Cutover,
} from '../../domain/run/cutover/cutover.ts';
import {alarmsNow} from '../view-model/findings.ts';
import {comparisonWords, lastComparison, writtenWords} from '../../domain/run/cutover/last-comparison.ts';
import {visitorWords} from '../../domain/run/cutover/visitors.ts';
import {phaseOf} from '../../domain/run/final-steps.ts';
import type {StepState} from '../../domain/run/run-state.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Tone} from '../screen/span.ts';
import type {Live} from '../store/live.ts';
import {captureRows} from '../view-model/capture-rows.ts';
import {dayAndMinute, timeOfDay} from '../view-model/iso-time.ts';
import {figuresOf, silentServers} from '../view-model/readings.ts';
import {stepRows, tookMs} from '../view-model/step-rows.ts';
import {commandsOf, runningCommand, type CommandRow} from './commands.ts';

/** What the screen of a cutover says, and of the way back, which is one the other way round. */
export interface CutoverView {
  /** `Cutover 2, begun 11-24 04:31 UTC by ops`. */
  readonly title: string;
  /** Whether writers wait, and since when: `WRITES STOPPED 12.4 s`. */
  readonly clock: {readonly text: string; readonly tone: Tone};
  /** What can be done now, and what happens where nothing is. */
  readonly now: readonly string[];
  readonly steps: readonly CutoverStep[];
  readonly slots: readonly CutoverSlot[];
  /** Who may still write, the oldest transaction first; null where that is not asked now. */
  readonly writers: {readonly count: number; readonly oldest: readonly string[]} | null;
  /** Who was seen on the side that was left, last first; null while none is, and where nobody was. */
  readonly visitors: CutoverVisitors | null;
  readonly commands: readonly CommandRow[];
}

interface CutoverVisitors {
  readonly side: 'source' | 'target';
  /** Sessions that are there now; null where that is not known. */
  readonly now: number | null;
  readonly lines: readonly string[];
}

interface CutoverStep {
  readonly id: string;
  readonly title: string;
  readonly status: StepState['status'];
  /** `1.6 s`; empty while pending. */
  readonly took: string;
  /** What it waits for, what it came to, or why it failed. */
  readonly remark: string;
}

interface CutoverSlot {
  readonly name: string;
  readonly behind: string;
  readonly late: string;
  /** Bytes behind, over the last seconds. */
  readonly history: readonly number[];
  readonly trouble: string | null;
}

/** What is shown of the last cutover, or of the way back; null where none was begun. */
export function cutoverView(live: Live, nowMs: number, readOnly: boolean): CutoverView | null {
  const latest = latestCutover(live.run);
  if (latest === null) return null;
  const {cutover, isBack} = latest;
  return {
    title: `${isBack ? 'Way back' : 'Cutover'} ${cutover.attempt}, begun ${dayAndMinute(cutover.begun.at)} UTC by ${screenText(cutover.begun.by)}`,
    clock: clockOf(live, latest, nowMs),
    now: [...nowOf(live, latest, {readOnly, nowMs}), ...comparisonOf(live, readOnly, nowMs)],
    steps: stepsOf(live, isBack, nowMs),
    slots: slotsOf(live),
    writers: isCutoverUnderWay(cutover) ? writersOf(live) : null,
    visitors: visitorsOf(live),
    commands: commandsOf(live.events, cutover.begun.at),
  };
}

/** The same as text, for the clipboard. */
export function cutoverText(view: CutoverView | null): string {
  if (view === null) return '';
  const steps = view.steps.map(
    ({title, status, took, remark}) => `${status.padEnd(8)} ${took.padStart(8)} ${title}: ${remark}`,
  );
  const slots = view.slots.map(
    ({name, behind, late, trouble}) => `${name}: ${behind}, ${late} behind, ${trouble ?? 'runs'}`,
  );
  const writers = (view.writers?.oldest ?? []).map((who) => `writes: ${who}`);
  const {side, lines = []} = view.visitors ?? {};
  const visitors = lines.map((who) => `seen on the ${side}: ${who}`);
  return [view.title, view.clock.text, ...view.now, ...steps, ...slots, ...writers, ...visitors]
    .map((line) => `${line}\n`)
    .join('');
}

function clockOf(
  live: Live,
  {cutover, isBack}: {cutover: Cutover; isBack: boolean},
  nowMs: number,
): CutoverView['clock'] {
  const forMs = stoppedForMs(cutover, nowMs);
  const took = seconds(forMs);
  switch (cutover.status) {
    case 'under-way':
    case 'opening':
      if (forMs === null) return {text: 'WRITES GO ON: nothing is stopped yet', tone: 'good'};
      if (live.link.status === 'lost') return {text: `WRITES STOPPED ${took}, as far as was heard`, tone: 'bad'};
      return {text: `WRITES STOPPED ${took}`, tone: 'bad'};
    case 'handed-over':
      return {
        text: `${isBack ? 'BACK ON THE SOURCE SINCE' : 'HANDED OVER'} ${timeOfDay(cutover.handedOverAt ?? '')} UTC${wereStopped(took)}`,
        tone: 'good',
      };
    case 'gone-back': {
      const {at = '', by = ''} = cutover.goneBack ?? {};
      return {text: `TAKEN BACK ${timeOfDay(at)} UTC by ${screenText(by)}${wereStopped(took)}`, tone: 'warn'};
    }
  }
}

function wereStopped(took: string): string {
  return took === '' ? ', no write was stopped' : `, writes were stopped for ${took}`;
}

/** Read at three in the morning: which key, and what comes without one. */
function nowOf(
  live: Live,
  {cutover, isBack}: {cutover: Cutover; isBack: boolean},
  {readOnly, nowMs}: {readOnly: boolean; nowMs: number},
): string[] {
  const {run, link} = live;
  const writers = isBack ? 'target' : 'source';
  const command = isBack ? 'longhaul back --back-out' : 'longhaul cutover --back-out';
  // Its supervisor lives and is at it: nothing is wrong, and nothing is to be done.
  if (cutover.status === 'opening' && link.status === 'connected' && isAtWork(run))
    return [
      `The ${isBack ? 'source' : 'target'} is being opened for writes: nothing takes that back any more, and nothing is to be done.`,
    ];
  if (cutover.status !== 'under-way')
    return whatNow({...run, alarms: alarmsNow(live)}, {silent: silentServers(live), nowMs}).map(screenText);
  if (link.status === 'lost') {
    return [
      `The supervisor is not heard: ${screenText(link.why)}.`,
      `${command}, in another window, takes it back, whether or not that supervisor lives: writes are allowed on the ${writers} again.`,
    ];
  }
  return [
    `${readOnly ? command : 'B'} takes it back: the ${writers} takes writes again, change capture goes on.`,
    'A step that fails and cutover.write_stop_limit take it back by themselves.',
  ];
}

/** Its snapshots are told for as long as they are held, and of what nothing was known when the target was opened. */
function comparisonOf({run, link}: Live, readOnly: boolean, nowMs: number): string[] {
  const last = lastComparison(run);
  if (last === null || link.status === 'lost') return [];
  const unseen = run.findings.filter(({check, step}) => check === 'cutover.not-counted' && step === 'compare-final');
  return [
    `${comparisonWords(last, nowMs)}. ${readOnly ? 'longhaul cutover --end-comparison' : 'E'} ends it before.`,
    ...unseen.map(({seen}) => screenText(seen)),
  ];
}

function isAtWork({steps}: Live['run']): boolean {
  return steps.some(({id, state}) => ['cutover', 'back'].includes(phaseOf(id)) && state.status === 'running');
}

function stepsOf(live: Live, isBack: boolean, nowMs: number): CutoverStep[] {
  return stepRows(live, nowMs)
    .filter(({id}) => phaseOf(id) === (isBack ? 'back' : 'cutover'))
    .map(({id, title, status, remark}) => {
      const state = live.run.steps.find((step) => step.id === id)?.state;
      const command = status === 'running' ? runningCommand(live.events) : null;
      return {
        id,
        title,
        status,
        took: state === undefined ? '' : seconds(tookMs(state, nowMs)),
        remark: command === null ? (ownRemark(live, id) ?? remark) : `your command ${command} runs`,
      };
    });
}

/** What an operator wants to know of the last comparison, and its figures alone do not say. */
function ownRemark({run}: Live, id: string): string | null {
  const {'compare-final': compared} = run.evidence;
  const isDone = run.steps.some((step) => step.id === id && step.state.status === 'done');
  return id === 'compare-final' && isDone && compared !== undefined ? writtenWords(compared) : null;
}

function slotsOf(live: Live): CutoverSlot[] {
  return captureRows(live).map(({id, trouble, behindBytes, behindSeconds}) => ({
    name: id,
    behind: formatBytes(behindBytes),
    late: behindSeconds === null ? '?' : `${behindSeconds.toFixed(1)} s`,
    history: live.lags[id] ?? [],
    trouble,
  }));
}

function writersOf(live: Live): CutoverView['writers'] {
  const figures = figuresOf(live, 'source').filter(([probe]) => probe === 'writers:source');
  const count = figures.find(([, {name}]) => name === 'writers')?.[1].value ?? null;
  if (count === null) return null;
  return {
    count,
    oldest: figures.flatMap(([, {name, of, value}]) =>
      name === 'writer_open' && of !== null
        ? [`${screenText(of)}, open ${value === null ? '?' : seconds(value * 1000)}`]
        : [],
    ),
  };
}

function visitorsOf(live: Live): CutoverVisitors | null {
  const left = sideLeft(live.run);
  if (left === null || left.visitors.length === 0) return null;
  const now = figuresOf(live, 'source').find(([probe, {name}]) => probe === 'left:source' && name === 'clients');
  return {
    side: left.side,
    now: now?.[1].value ?? null,
    lines: left.visitors.map((one) => screenText(visitorWords(one, `${timeOfDay(one.lastAt)} UTC`))),
  };
}

/** `1.6 s`; from a minute on as durations are. */
function seconds(ms: number | null): string {
  if (ms === null) return '';
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : formatDuration(ms);
}

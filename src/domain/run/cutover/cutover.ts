import {msOf} from '../../base/iso-time.ts';
import type {Lsn} from '../../pg/lsn.ts';
import {phaseOf, type FinalStepId} from '../final-steps.ts';
import type {StepId} from '../step-id.ts';
import type {Visitor} from './visitors.ts';

/** A setting of a database before something changed it: `on`, or null where it had none. */
export interface KeptSetting {
  readonly database: string;
  readonly before: string | null;
  /** The server's clock just before that, ISO 8601: sessions that began later have the new one. */
  readonly since: string;
}

/** A job of a scheduler that ran on the source, by its number there, and the one of the target that takes its place; null where there is none. */
export interface KeptJob {
  readonly source: number;
  readonly target: number | null;
}

/** What undoes a command of the operator, as longhaul.yaml had it when that began. */
export interface KeptUndo {
  /** Program and arguments, passwords masked. */
  readonly words: readonly string[];
  readonly limitMs: number;
  /** Whether there are any, so that it cannot be run as it is here. */
  readonly masked: boolean;
  /** The command itself, which is run again where somebody goes back and then takes that back; null where it has a password, left out by earlier versions. */
  readonly command?: readonly string[] | null;
}

/** What became of a command of the operator, as the journal has it: before it starts, once it has ended well, once its opposite has. */
export type CommandMoment = 'started' | 'done' | 'undone';

/**
 * How far a cutover is. `under-way`: writes may be stopped, and everything can be taken back. `opening`: the target may be open for writes from now on, so that only the way forward is
 * left. Times are the jump box's, ISO 8601.
 */
export interface Cutover {
  readonly status: 'under-way' | 'opening' | 'handed-over' | 'gone-back';
  /** Counts from 1 over the run. */
  readonly attempt: number;
  readonly begun: {readonly at: string; readonly by: string};
  /** From the first statement, or command, that refuses a write; null before. It stays when writes are allowed again. */
  readonly stoppingAt: string | null;
  /** The setting that refuses writes on the source, as it was before; null where none was changed, and once it was put back. */
  readonly setting: KeptSetting | null;
  /** The jobs that ran on the source and are stopped there; left out where there were none. */
  readonly jobs?: readonly KeptJob[];
  /** The operator's commands that have begun and whose opposite has not run, by their places in longhaul.yaml: `stop.0`. */
  readonly commands: readonly string[];
  /** What undoes each of them, by the same names; null where nothing does. Left out where there are none, and of those that an earlier version has begun. */
  readonly undos?: Readonly<Record<string, KeptUndo | null>>;
  /** Triggers of the target that fire while changes are applied, by this cutover; none once it was taken back. */
  readonly firing: readonly {readonly schema: string; readonly table: string; readonly name: string}[];
  /** F: nobody writes behind it. Null before, and once writes are allowed again. */
  readonly stopped: {readonly at: string; readonly lsn: Lsn} | null;
  /** When it was journalled that the target is being opened; null before. */
  readonly openingAt: string | null;
  readonly handedOverAt: string | null;
  /** The end of the last comparison, where that went on behind the hand-over; left out before. */
  readonly comparisonOver?: {readonly why: string | null; readonly left: readonly string[]};
  /** Who was seen since then on the side that was left, whoever was seen last first; left out where nobody was. */
  readonly visitors?: readonly Visitor[];
  /** Why it was taken back; null while it was not. */
  readonly goneBack: {readonly at: string; readonly by: string; readonly reason: string} | null;
}

/** Whether a cutover is between its first step and its last statement that decides, so that nothing else may walk. Pure. */
export function isCutoverUnderWay(cutover: Pick<Cutover, 'status'> | null): boolean {
  return cutover?.status === 'under-way' || cutover?.status === 'opening';
}

/** Whether the target is open for writes, or may be: from here on only `longhaul back` leads to the source again. Pure. */
export function isTargetOpened(cutover: Pick<Cutover, 'status'> | null): boolean {
  return cutover?.status === 'opening' || cutover?.status === 'handed-over';
}

/** Whether writers wait at this moment: writes are being refused on the one side, and not allowed on the other yet. Pure. */
function areWritesStopped(cutover: Cutover | null): boolean {
  return isCutoverUnderWay(cutover) && cutover?.stoppingAt != null;
}

/** How long writes have been stopped at a moment of the same clock, in milliseconds; null while they are not, and before. Pure. */
export function stoppedForMs(cutover: Cutover | null, nowMs: number): number | null {
  if (cutover?.stoppingAt == null) return null;
  const end = cutover.handedOverAt ?? cutover.goneBack?.at ?? null;
  return Math.max(0, (end === null ? nowMs : msOf(end)) - msOf(cutover.stoppingAt));
}

/** What goes on now, or went on last: the way back, which ends with the next cutover, else the cutover; null before the first. Pure. */
export function latestCutover({cutover, back}: {readonly cutover: Cutover | null; readonly back: Cutover | null}): {
  readonly isBack: boolean;
  readonly cutover: Cutover;
} | null {
  const latest = back ?? cutover;
  return latest === null ? null : {isBack: back !== null, cutover: latest};
}

/** Whether the cutover or the way back is under way. Pure. */
export function isLatestUnderWay(run: {readonly cutover: Cutover | null; readonly back: Cutover | null}): boolean {
  return isCutoverUnderWay(latestCutover(run)?.cutover ?? null);
}

/** Whether what goes on now has drained the slots and is not over: from there on its steps alone end and begin change capture. Pure. */
export function isDrained(run: {
  readonly cutover: Cutover | null;
  readonly back: Cutover | null;
  readonly steps: readonly {readonly id: StepId; readonly state: {readonly status: string}}[];
}): boolean {
  if (!isLatestUnderWay(run)) return false;
  const drain: StepId = latestCutover(run)?.isBack === true ? 'back-drain' : 'drain';
  return run.steps.some(({id, state}) => id === drain && state.status === 'done');
}

/** Whether a step is of a cutover, or a way back, that was taken back: it has failed, and nobody goes on with it. Pure. */
export function isTakenBack(
  {cutover, back}: {readonly cutover: Pick<Cutover, 'status'> | null; readonly back: Pick<Cutover, 'status'> | null},
  step: FinalStepId,
): boolean {
  const phase = phaseOf(step);
  const of = phase === 'cutover' ? cutover : phase === 'back' ? back : null;
  return of?.status === 'gone-back';
}

/** The last cutover, or way back, where this run itself has taken it back: why. Null where an operator has, who knows, and once another has begun. Pure. */
export function takenBackByRun(run: {readonly cutover: Cutover | null; readonly back: Cutover | null}): {
  readonly isBack: boolean;
  readonly reason: string;
} | null {
  const {isBack = false, cutover: latest = null} = latestCutover(run) ?? {};
  if (latest?.status !== 'gone-back' || latest.goneBack?.by !== 'run') return null;
  return {isBack, reason: latest.goneBack.reason};
}

/** Since when writers wait, ISO 8601, wherever they are stopped; null while nobody waits. Pure. */
export function stoppedSince(run: {readonly cutover: Cutover | null; readonly back: Cutover | null}): string | null {
  const {cutover = null} = latestCutover(run) ?? {};
  return areWritesStopped(cutover) ? (cutover?.stoppingAt ?? null) : null;
}

/** The side that was left, and who was seen there since; null while production has left none, and while one goes back to it. Pure. */
export function sideLeft(run: {readonly cutover: Cutover | null; readonly back: Cutover | null}): {
  readonly side: 'source' | 'target';
  readonly visitors: readonly Visitor[];
} | null {
  const {isBack = false, cutover: latest = null} = latestCutover(run) ?? {};
  if (isBack && latest?.status === 'handed-over') return {side: 'target', visitors: latest.visitors ?? []};
  if (run.cutover?.status !== 'handed-over' || latest?.status === 'opening') return null;
  return {side: 'source', visitors: run.cutover.visitors ?? []};
}

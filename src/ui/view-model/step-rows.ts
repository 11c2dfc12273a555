import {describeAgain} from '../../domain/run/again/describe-again.ts';
import {allCommitted, type StepState} from '../../domain/run/run-state.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import {counted, formatDuration} from '../../domain/base/units.ts';
import {evidenceLine} from '../panes/steps/evidence.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Tone} from '../screen/span.ts';
import type {Live} from '../store/live.ts';
import {isoToMs, msSince} from './iso-time.ts';
import {formatAhead} from './span-of-time.ts';
import {workNow, workView} from './work.ts';
import {readingOfEta, silentServers} from './readings.ts';

/** A step of the runbook, as its row says it. */
export interface StepRow {
  readonly id: StepId;
  readonly number: number;
  /** Empty where it is the same as that of the row above. */
  readonly phase: string;
  readonly title: string;
  readonly status: StepState['status'];
  /** `0:04`; empty while pending. */
  readonly took: string;
  /** What it found, what it waits for, or why it failed. */
  readonly remark: string;
}

/** The runbook's steps from the run's state and the supervisor's titles. */
export function stepRows(live: Live, nowMs: number): readonly StepRow[] {
  let phase = '';
  return live.run.steps.map(({id, state}, index): StepRow => {
    const facts = live.facts?.steps.find((step) => step.id === id);
    const ownPhase = facts?.phase ?? '';
    const shown = ownPhase === phase ? '' : ownPhase;
    phase = ownPhase;
    return {
      id,
      number: index + 1,
      phase: shown,
      title: screenText(facts?.title ?? id),
      status: state.status,
      took: isQuiet(state.status) ? '' : formatDuration(tookMs(state, nowMs)),
      remark: screenText(runningRemark(live, id, state) ?? remarkOf(state)),
    };
  });
}

/** The row that matters now: what runs, waits or has failed, else the first that is pending, else the last. */
export function currentStep(rows: readonly StepRow[]): StepRow | undefined {
  return (
    rows.find((row) => row.status === 'waiting' || row.status === 'running') ??
    rows.find((row) => row.status === 'failed') ??
    rows.find((row) => row.status === 'pending') ??
    rows.at(-1)
  );
}

/** Whether the step needs no more doing. */
export function isBehind({status}: Pick<StepRow, 'status'>): boolean {
  return status === 'done' || status === 'skipped';
}

/** What the readings tell of a step that runs; null where they tell nothing. */
function runningRemark(live: Live, id: StepId, state: StepState): string | null {
  if (state.status !== 'running') return null;
  if (id === 'full-load') return loadRemark(live, state);
  if (id === 'compare-again' && silentServers(live).length === 0) return againRemark(live);
  const work = workNow(live);
  if (work?.step !== id || work.total === 0) return null;
  return `${work.done}/${work.total} ${work.pieces[0]?.name ?? state.progress?.what ?? ''}`;
}

/** `12/67 tables, 41 min left`. */
function againRemark(live: Live): string | null {
  const far = describeAgain(live.run);
  const etaMs = workView(live)?.etaMs ?? null;
  return far === null || etaMs === null ? far : `${far}, ${formatAhead(etaMs)} left`;
}

/** How much of the load is committed: `3/17 units, 63 %`. */
function loadRemark(live: Live, {progress}: Extract<StepState, {status: 'running'}>): string {
  const {units} = live.run;
  // The rows are in, and indexes are built.
  const work = workNow(live);
  if (allCommitted(live.run) && work !== null && work.done < work.total) return `${work.done}/${work.total} indexes`;
  // What the engine says of it, while it says something else than how far it is: that it waits for a server.
  if (units.length === 0 || silentServers(live).length > 0) return progress?.what ?? '';
  const eta = readingOfEta(live)?.eta ?? null;
  const share =
    eta === null || eta.bytesTotal === 0 ? '' : `, ${Math.floor((1 - eta.bytesLeft / eta.bytesTotal) * 100)} %`;
  return `${units.filter(({state}) => state.status === 'committed').length}/${counted(units.length, 'unit')}${share}`;
}

/** How long a step has taken so far, or took, in milliseconds; null where it has not begun, or its times are not known. Pure. */
export function tookMs(state: StepState, nowMs: number): number | null {
  switch (state.status) {
    case 'pending':
    case 'skipped':
      return null;
    case 'waiting':
      return msSince(state.since, nowMs);
    case 'running':
      return msSince(state.startedAt, nowMs);
    case 'done':
    case 'failed':
      return msSince(state.startedAt, isoToMs(state.endedAt) ?? nowMs);
  }
}

/** Whether nothing is to be told of it. Pure. */
export function isQuiet(status: StepState['status']): boolean {
  return status === 'pending' || status === 'skipped';
}

/** Pure. */
export function toneOfStep(status: StepState['status']): Tone {
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

function remarkOf(state: StepState): string {
  switch (state.status) {
    case 'pending':
      return '';
    case 'waiting':
      return 'waits for you';
    case 'running':
      return state.progress === null ? '' : `${state.progress.done}/${state.progress.total} ${state.progress.what}`;
    case 'done':
      return state.already ? 'was already so' : evidenceLine(state.evidence);
    case 'failed':
      return state.failure.message;
    case 'skipped':
      return `skipped: ${state.reason}`;
  }
}

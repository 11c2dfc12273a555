import type {JournalEntry} from '../event.ts';
import {NONE_COMPARED, type RunState, type StepState} from '../run-state.ts';
import type {StepId} from '../step-id.ts';

type StepEntry = Extract<JournalEntry, {type: `step.${string}` | 'finding.seen'}>;

/** The part of `reduce` that is about steps and their findings. */
export function reduceStep(state: RunState, entry: StepEntry): RunState {
  switch (entry.type) {
    case 'step.started':
      return {
        // A step that was under way when its supervisor ended goes on under the next one.
        ...withStep(state, entry.step, (step) => ({
          status: 'running',
          startedAt: startOf(step) ?? entry.at,
          progress: null,
        })),
        findings: state.findings.filter((finding) => finding.step !== entry.step),
        ...(entry.step === 'compare-rows' ? {rowsCompared: NONE_COMPARED} : {}),
      };
    case 'step.waiting':
      return withStep(state, entry.step, () => ({
        status: 'waiting',
        since: entry.at,
        question: entry.question,
        actions: entry.actions,
      }));
    case 'step.confirmed':
      return withStep(state, entry.step, () => ({status: 'running', startedAt: entry.at, progress: null}));
    case 'step.progressed':
      return withStep(state, entry.step, (step) =>
        step.status === 'running'
          ? {...step, progress: {done: entry.done, total: entry.total, what: entry.what}}
          : step,
      );
    case 'step.done': {
      const known = {...state, evidence: {...state.evidence, [entry.step]: entry.evidence}};
      return withStep(known, entry.step, (step) => ({
        status: 'done',
        startedAt: startOf(step) ?? entry.at,
        endedAt: entry.at,
        evidence: entry.evidence,
        already: entry.already,
      }));
    }
    case 'step.failed':
      return withStep(state, entry.step, (step) => ({
        status: 'failed',
        startedAt: startOf(step) ?? entry.at,
        endedAt: entry.at,
        failure: entry.failure,
      }));
    case 'step.unfinished': {
      const {failure, evidence} = entry;
      return withStep({...state, evidence: {...state.evidence, [entry.step]: evidence}}, entry.step, (step) => ({
        status: 'failed',
        startedAt: startOf(step) ?? entry.at,
        endedAt: entry.at,
        failure,
        unfinished: true,
      }));
    }
    case 'step.skipped':
      return withStep(state, entry.step, () => ({status: 'skipped', reason: entry.reason}));
    case 'finding.seen':
      return {...state, findings: [...state.findings, {...entry.finding, step: entry.step}]};
  }
}

function withStep(state: RunState, id: StepId, change: (step: StepState) => StepState): RunState {
  return {...state, steps: state.steps.map((step) => (step.id === id ? {id, state: change(step.state)} : step))};
}

function startOf(step: StepState): string | null {
  return step.status === 'running' ? step.startedAt : null;
}

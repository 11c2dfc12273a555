import {NOTHING_CAPTURED} from '../capture/capture-state.ts';
import {slotObject} from '../claimed.ts';
import type {JournalEntry} from '../event.ts';
import {stepOnProof} from '../../pg/hand-over.ts';
import {queuedAgain} from './load.ts';
import type {RunState} from '../run-state.ts';
import {NO_DRIFT} from '../drift/schema-change.ts';
import {phaseOf} from '../final-steps.ts';
import {STEP_IDS} from '../step-id.ts';

type BoundaryEntry = Extract<
  JournalEntry,
  {type: `replay.${string}` | `boundary.${string}` | 'cdc.started' | 'slots.released'}
>;

/** The part of `reduce` that is about the pause and P. */
export function reduceBoundary(state: RunState, entry: BoundaryEntry): RunState {
  switch (entry.type) {
    case 'replay.paused':
      return {...state, replayPaused: true};
    case 'replay.resumed':
      return {...state, replayPaused: false};
    case 'boundary.captured':
      return {
        ...(state.boundary?.lsn === entry.boundary.lsn ? state : withoutOldLoad(state)),
        boundary: entry.boundary,
        ...NOT_PROVED,
        boundaryMoved: null,
      };
    case 'boundary.proved':
      return {
        ...state,
        boundaryProved: true,
        lastProof: {at: entry.at, slots: entry.slots ?? []},
        boundaryDisproved: null,
      };
    case 'boundary.disproved':
      return disproved(state, entry);
    case 'cdc.started':
      // The operator's word is why the slots have moved.
      return {
        ...state,
        cdcStarted: {at: entry.at, by: entry.by},
        boundaryProved: state.lastProof !== null,
        boundaryDisproved: null,
      };
    case 'boundary.moved':
      return {...state, boundaryProved: false, boundaryMoved: entry.failure};
    case 'slots.released':
      return released(state, entry);
  }
}

/** Before the first proof of a P. */
const NOT_PROVED = {
  boundaryProved: false,
  lastProof: null,
  boundaryDisproved: null,
  cdcStarted: null,
  schemaDrift: NO_DRIFT,
  capture: NOTHING_CAPTURED,
} satisfies Partial<RunState>;

/** What is under way and rests on the proof ends with it. */
function disproved(state: RunState, {at, failure}: Extract<BoundaryEntry, {type: 'boundary.disproved'}>): RunState {
  const resting = stepOnProof(state);
  const steps = state.steps.map((step): RunState['steps'][number] => {
    if (step !== resting) return step;
    const startedAt = step.state.status === 'running' ? step.state.startedAt : at;
    return {id: step.id, state: {status: 'failed', startedAt, endedAt: at, failure}};
  });
  return {...state, steps, boundaryProved: false, boundaryDisproved: failure};
}

/** Everything from the slots on has to be done again, at a new P; what is loaded stays until then. */
function released(state: RunState, {by, dropped}: Extract<BoundaryEntry, {type: 'slots.released'}>): RunState {
  const gone = new Set(dropped.map(slotObject));
  const again = STEP_IDS.filter((id) => phaseOf(id) !== 'prepare');
  return {
    ...state,
    status: state.status === 'done' ? 'stopped' : state.status,
    steps: state.steps.map((step) => (again.includes(step.id) ? {id: step.id, state: {status: 'pending'}} : step)),
    evidence: Object.fromEntries(Object.entries(state.evidence).filter(([id]) => !again.some((step) => step === id))),
    differences: [],
    again: null,
    claimed: state.claimed.filter((object) => !gone.has(object)),
    ...NOT_PROVED,
    boundaryMoved: {
      message: `${by} dropped the slots that P begins with`,
      remedy: 'new slots and a new P: longhaul run; longhaul abort gives the run up',
      unreachable: false,
    },
  };
}

/** Nothing that was loaded, built or compared at another P counts at a new one. */
function withoutOldLoad(state: RunState): RunState {
  const capture = STEP_IDS.indexOf('capture-boundary');
  return {
    ...state,
    steps: state.steps.map((step) =>
      STEP_IDS.indexOf(step.id) > capture ? {id: step.id, state: {status: 'pending'}} : step,
    ),
    // They are found again at the new P, where they still are; until then nothing that was accepted counts.
    differences: [],
    units: state.units.map((unit) => ({...unit, state: queuedAgain(unit.state)})),
    rowsCompared: {tables: 0, differing: []},
    again: null,
  };
}

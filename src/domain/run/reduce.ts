import {isBackEvent} from './back/back-event.ts';
import {isCaptureEntry} from './capture/capture-entry.ts';
import {isCutoverEvent} from './cutover/cutover-event.ts';
import type {JournalEntry} from './event.ts';
import {isWalkedAlone} from './final-steps.ts';
import {NEW_RUN, type RunState} from './run-state.ts';
import {isAgainEntry} from './again/again-entry.ts';
import {reduceAgain} from './again/reduce-again.ts';
import {reduceBoundary} from './reduce/boundary.ts';
import {reduceBack, reduceCutover} from './reduce/cutover.ts';
import {reduceCapture} from './reduce/capture.ts';
import {reduceDifferences} from './reduce/differences.ts';
import {reduceLoad} from './reduce/load.ts';
import {reduceStep} from './reduce/step.ts';

/** The run's state after one more event. Pure; the only place where a run's state comes from. */
export function reduce(state: RunState, entry: JournalEntry): RunState {
  return {...reduceEvent(state, entry), seq: entry.seq, at: entry.at};
}

/** The state after all of a journal. */
export function reduceAll(entries: Iterable<JournalEntry>, from: RunState = NEW_RUN): RunState {
  let state = from;
  for (const entry of entries) state = reduce(state, entry);
  return state;
}

function reduceEvent(state: RunState, entry: JournalEntry): RunState {
  if (isCutoverEvent(entry)) return reduceCutover(state, entry);
  if (isBackEvent(entry)) return reduceBack(state, entry);
  if (isCaptureEntry(entry)) return {...state, capture: reduceCapture(state.capture, entry)};
  if (isAgainEntry(entry)) return reduceAgain(state, entry);
  switch (entry.type) {
    case 'run.started':
    case 'run.done':
    case 'run.stopped':
    case 'run.aborted':
    case 'objects.claimed':
    case 'objects.returned':
    case 'supervisor.started':
    case 'supervisor.stopped':
    case 'alarm.raised':
    case 'alarm.cleared':
    case 'schema.drifted':
      return reduceRun(state, entry);
    case 'command.received':
      return state;
    case 'step.started':
    case 'step.waiting':
    case 'step.confirmed':
    case 'step.done':
    case 'step.failed':
    case 'step.unfinished':
    case 'step.skipped':
    case 'step.progressed':
    case 'finding.seen':
      return reduceStep(state, entry);
    case 'differences.found':
    case 'differences.accepted':
      return reduceDifferences(state, entry);
    case 'replay.paused':
    case 'replay.resumed':
    case 'boundary.captured':
    case 'boundary.proved':
    case 'boundary.disproved':
    case 'cdc.started':
    case 'boundary.moved':
    case 'slots.released':
      return reduceBoundary(state, entry);
    case 'load.planned':
    case 'load.resized':
    case 'load.throttled':
    case 'load.held':
    case 'load.released':
    case 'unit.started':
    case 'unit.committed':
    case 'unit.failed':
    case 'unit.paused':
    case 'unit.resumed':
    case 'unit.cancelled':
    case 'unit.retried':
    case 'table.compared':
      return reduceLoad(state, entry);
  }
}

type RunEntry = Extract<
  JournalEntry,
  {type: `run.${string}` | `supervisor.${string}` | `alarm.${string}` | `objects.${string}` | 'schema.drifted'}
>;

function reduceRun(state: RunState, entry: RunEntry): RunState {
  switch (entry.type) {
    case 'run.started':
      return {
        ...state,
        run: entry.run,
        status: 'running',
        stopped: null,
        doneAt: null,
        // What comes after a run that was given up is another one.
        startedAt: state.status === 'aborted' ? entry.at : (state.startedAt ?? entry.at),
        steps: [
          ...entry.steps.map(
            (id): RunState['steps'][number] =>
              state.steps.find((step) => step.id === id) ?? {id, state: {status: 'pending'}},
          ),
          // Those of a cutover are walked on their own.
          ...state.steps.filter(({id}) => isWalkedAlone(id) && !entry.steps.includes(id)),
        ],
      };
    case 'run.done':
      return {...state, status: 'done', doneAt: entry.at};
    case 'run.stopped':
      return {...state, status: 'stopped', stopped: {reason: entry.reason, end: entry.end ?? null}};
    case 'run.aborted':
      // What was loaded stays on the target and in the ledger; a new run replaces it.
      return {
        ...NEW_RUN,
        run: state.run,
        status: 'aborted',
        startedAt: state.startedAt,
        supervisor: state.supervisor,
        steps: state.steps.filter(({id}) => !isWalkedAlone(id)).map(({id}) => ({id, state: {status: 'pending'}})),
        alarms: state.alarms,
      };
    case 'objects.claimed':
      return {...state, claimed: [...new Set([...state.claimed, ...entry.objects])]};
    case 'objects.returned':
      return {...state, claimed: state.claimed.filter((object) => !entry.objects.includes(object))};
    case 'supervisor.started':
      return {...state, supervisor: {pid: entry.pid, bootId: entry.bootId}};
    case 'supervisor.stopped':
      return {...state, supervisor: null};
    case 'alarm.raised': {
      // What has become worse lasts since it was first raised.
      const since = state.alarms.find(({id}) => id === entry.alarm.id)?.since ?? entry.at;
      return {...state, alarms: [...state.alarms.filter(({id}) => id !== entry.alarm.id), {...entry.alarm, since}]};
    }
    case 'schema.drifted':
      return {...state, schemaDrift: driftIn(state, entry)};
    case 'alarm.cleared':
      return {...state, alarms: state.alarms.filter((alarm) => alarm.id !== entry.id)};
  }
}

/** What was accepted stays so for as long as there are changes. */
function driftIn({schemaDrift}: RunState, entry: Extract<RunEntry, {type: 'schema.drifted'}>): RunState['schemaDrift'] {
  const {total, changes, filled} = entry;
  return {total, changes, filled, ...(schemaDrift.accepted === undefined ? {} : {accepted: schemaDrift.accepted})};
}

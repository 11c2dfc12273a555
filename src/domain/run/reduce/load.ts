import type {JournalEntry} from '../event.ts';
import {formatRelation} from '../../pg/relation.ts';
import {differsIn} from '../row-difference.ts';
import {NONE_COMPARED, type RunState, type UnitStatus} from '../run-state.ts';

type LoadEntry = Extract<JournalEntry, {type: `load.${string}` | `unit.${string}` | 'table.compared'}>;
type Planned = Extract<JournalEntry, {type: 'load.planned'}>;
type ComparedEntry = Extract<JournalEntry, {type: 'table.compared'}>;

/** The part of `reduce` that is about the full load and the comparison after it. */
export function reduceLoad(state: RunState, entry: LoadEntry): RunState {
  switch (entry.type) {
    case 'load.planned':
      return {
        ...state,
        loadBoundary: entry.boundary,
        lanes: entry.lanes,
        units: unitsAt(state, entry),
        rowsCompared: NONE_COMPARED,
      };
    case 'load.resized':
      return {...state, lanes: entry.lanes, lanesAsked: {lanes: entry.lanes, instead: entry.instead}};
    case 'load.throttled':
      return {...state, rateAsked: {bytesPerSecond: entry.bytesPerSecond, instead: entry.instead}};
    case 'load.held':
      return {...state, held: true};
    case 'load.released':
      return {...state, held: false};
    case 'unit.started':
      return withUnit(state, entry.unit, (unit) => ({
        status: 'running',
        attempt: entry.attempt,
        tries: triesOf(unit) + 1,
        lane: entry.lane,
        folder: entry.folder,
        startedAt: entry.at,
        paused: null,
      }));
    case 'unit.committed': {
      const {attempt, rows, bytes, tookMs, at: endedAt} = entry;
      return withUnit(state, entry.unit, () => ({status: 'committed', attempt, rows, bytes, tookMs, endedAt}));
    }
    case 'unit.failed': {
      const {attempt, failure, retryAt, at: failedAt} = entry;
      return withUnit(state, entry.unit, (unit) => ({
        status: 'failed',
        attempt,
        tries: triesOf(unit),
        failure,
        failedAt,
        retryAt,
      }));
    }
    case 'unit.paused':
      return withUnit(state, entry.unit, (unit) =>
        unit.status === 'running' ? {...unit, paused: {since: entry.at, by: entry.by}} : unit,
      );
    case 'unit.resumed':
      return withUnit(state, entry.unit, (unit) => (unit.status === 'running' ? {...unit, paused: null} : unit));
    case 'unit.cancelled':
      // The pipeline's end follows as unit.failed with cause `cancelled`.
      return state;
    case 'unit.retried':
      return withUnit(state, entry.unit, (unit) =>
        unit.status === 'failed' ? {...unit, tries: 0, retryAt: entry.at} : unit,
      );
    case 'table.compared':
      return {...state, rowsCompared: compared(state.rowsCompared, entry)};
  }
}

/** At a new P everything is loaded again. */
function unitsAt(state: RunState, {boundary, units}: Planned): RunState['units'] {
  const known = new Map(state.units.map((unit) => [unit.id, unit.state]));
  const isSameP = state.loadBoundary === boundary;
  return units.map((unit) => {
    const before = known.get(unit.id) ?? {status: 'queued', attempts: 0};
    return {...unit, state: isSameP ? before : queuedAgain(before)};
  });
}

/** The unit as it begins at a new P. */
export function queuedAgain(unit: UnitStatus): UnitStatus {
  return {status: 'queued', attempts: unit.status === 'queued' ? unit.attempts : unit.attempt};
}

function triesOf(unit: UnitStatus): number {
  return unit.status === 'running' || unit.status === 'failed' ? unit.tries : 0;
}

function withUnit(state: RunState, id: string, change: (unit: UnitStatus) => UnitStatus): RunState {
  const at = state.units.findIndex((unit) => unit.id === id);
  const unit = state.units[at];
  if (unit === undefined) return state;
  return {...state, units: state.units.with(at, {...unit, state: change(unit.state)})};
}

function compared(before: RunState['rowsCompared'], entry: ComparedEntry): RunState['rowsCompared'] {
  const full = (before.full ?? 0) + (entry.how === 'rows' ? 1 : 0);
  return {
    tables: before.tables + 1,
    differing: differsIn(entry) ? [...before.differing, formatRelation(entry.table)] : before.differing,
    ...(full === 0 ? {} : {full}),
  };
}

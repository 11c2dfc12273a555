import {formatRelation} from '../../pg/relation.ts';
import type {AgainEntry} from './again-entry.ts';
import type {AgainState} from './again-state.ts';
import type {RunState} from '../run-state.ts';

/** The part of `reduce` that is about comparing while change capture runs. */
export function reduceAgain(state: RunState, entry: AgainEntry): RunState {
  switch (entry.type) {
    case 'again.begun': {
      const {by, how, tables, leftOut = [], at: startedAt} = entry;
      const none = {done: [], rows: 0, differing: [], undecided: 0, endedAt: null, failure: null};
      const left = leftOut.length === 0 ? {} : {leftOut: leftOut.map((table) => formatRelation(table))};
      return {...state, again: {startedAt, by, how, tables, ...left, ...none}};
    }
    case 'again.compared':
      return {...state, again: state.again === null ? null : withTable(state.again, entry)};
    case 'again.ended':
      return {
        ...state,
        again: state.again === null ? null : {...state.again, endedAt: entry.at, failure: entry.failure},
      };
    case 'fence.raised':
      return {...state, fence: {since: entry.at, slots: entry.slots}};
    case 'fence.lowered':
      return {...state, fence: null};
  }
}

function withTable(
  again: AgainState,
  {table, replicaRows, rowsThatDiffer, undecided}: Extract<AgainEntry, {type: 'again.compared'}>,
): AgainState {
  const name = formatRelation(table);
  return {
    ...again,
    done: [...again.done, name],
    rows: again.rows + replicaRows,
    differing: rowsThatDiffer === undefined ? again.differing : [...again.differing, name],
    undecided: again.undecided + undecided,
  };
}

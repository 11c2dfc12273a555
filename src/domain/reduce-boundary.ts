import type {JournalEntry} from './event.ts';
import type {RunState} from './run-state.ts';

type BoundaryEntry = Extract<JournalEntry, {type: `replay.${string}` | `boundary.${string}`}>;

/** The part of `reduce` that is about the pause and P. */
export function reduceBoundary(state: RunState, entry: BoundaryEntry): RunState {
  switch (entry.type) {
    case 'replay.paused':
      return {...state, replayPaused: true};
    case 'replay.resumed':
      return {...state, replayPaused: false};
    case 'boundary.captured':
      return {...state, boundary: entry.boundary, boundaryProved: false, boundaryMoved: null, replayPaused: true};
    case 'boundary.proved':
      return {...state, boundaryProved: true};
    case 'boundary.moved':
      return {...state, boundaryProved: false, boundaryMoved: entry.failure};
  }
}

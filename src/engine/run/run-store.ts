import type {JournalEntry, RunEvent} from '../../domain/run/event.ts';
import {reduce, reduceAll} from '../../domain/run/reduce.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import type {Clock} from '../waiting/clocks.ts';
import {openJournal, type Writer} from './journal.ts';

/** The run as the supervisor holds it: the journal on disk, and the state that follows from it. */
export interface RunStore {
  state(): RunState;
  /** The last events, oldest first, at most 200. */
  recent(): readonly JournalEntry[];
  /** Appends to the journal; state and listeners follow once it is on disk. */
  record(event: RunEvent): Promise<void>;
  /** The run's clock: see Journal. */
  readonly now: Clock;
  /** Hears every event from now on; gives the function that ends it. */
  subscribe(listener: (entry: JournalEntry) => void): () => void;
  close(): Promise<void>;
}

const RECENT = 200;

/** Opens a run's journal and replays it. Throws `version` where a newer Longhaul wrote what this one does not know. */
export async function openRunStore(path: string, writer: Writer): Promise<RunStore> {
  // What was replayed is in the state; a journal of days is not kept beside it.
  const {replayed, ...journal} = await openJournal(path, writer);
  let state = reduceAll(replayed);
  let recent: readonly JournalEntry[] = replayed.slice(-RECENT);
  const listeners = new Set<(entry: JournalEntry) => void>();
  return {
    state: () => state,
    recent: () => recent,
    now: journal.now,
    record: async (event) => {
      const entry = await journal.append(event);
      state = reduce(state, entry);
      recent = [...recent.slice(1 - RECENT), entry];
      for (const listener of listeners) listener(entry);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => journal.close(),
  };
}

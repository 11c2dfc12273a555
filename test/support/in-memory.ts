import type {JournalEntry, RunEvent} from '../../src/domain/run/event.ts';
import {reduceAll} from '../../src/domain/run/reduce.ts';
import type {RunState} from '../../src/domain/run/run-state.ts';

/** A run whose journal is in memory: its state, what appends to it, and all that it says. */
export interface InMemory {
  readonly state: () => RunState;
  readonly record: (event: RunEvent) => Promise<void>;
  readonly entries: JournalEntry[];
  /** The types of the events since it was made, in order. */
  readonly recorded: () => string[];
}

/** A run of which these things have happened already. */
export function inMemory(...before: readonly RunEvent[]): InMemory {
  const entries: JournalEntry[] = [];
  const append = (event: RunEvent): void => {
    entries.push({seq: entries.length + 1, at: '2026-11-24T00:00:00.000Z', ...event});
  };
  for (const event of before) append(event);
  return {
    state: () => reduceAll(entries),
    record: async (event) => append(event),
    entries,
    recorded: () => entries.slice(before.length).map(({type}) => type),
  };
}

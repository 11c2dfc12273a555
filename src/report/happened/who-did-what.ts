import {describeEvent} from '../../domain/run/describe-event.ts';
import type {JournalEntry} from '../../domain/run/event.ts';

/** What somebody asked for or did. */
export interface Deed {
  /** ISO 8601. */
  readonly at: string;
  /** `ana@jump1 (console)`. */
  readonly by: string;
  readonly what: string;
}

/** People are told with the machine that they sat at; what the run does by itself has a name of one word. */
const PERSON = '@';

/** What people have done, in order: each command once, and not once more by the event that came of it. Pure. */
export function whoDidWhat(journal: readonly JournalEntry[]): Deed[] {
  const deeds: Deed[] = [];
  let asked: string | null = null;
  for (const entry of journal) {
    if (!('by' in entry) || !entry.by.includes(PERSON)) continue;
    const isEffect: boolean = entry.type !== 'command.received' && entry.by === asked;
    asked = entry.type === 'command.received' ? entry.by : null;
    if (!isEffect) deeds.push({at: entry.at, by: entry.by, what: describeEvent(entry)});
  }
  return deeds;
}

import type {JournalEntry} from '../event.ts';

const TYPES = [
  'cdc.paused',
  'cdc.resumed',
  'cdc.skipping',
  'tables.uncaptured',
  'tables.gone',
  'table.adopting',
  'table.not-adopted',
  'table.adopted',
  'comparison.owed',
  'comparison.made',
  'source.lost',
] as const satisfies readonly JournalEntry['type'][];

/** An event of change capture while it runs. */
export type CaptureEntry = Extract<JournalEntry, {type: (typeof TYPES)[number]}>;

/** Whether the event is about change capture while it runs. */
export function isCaptureEntry(entry: JournalEntry): entry is CaptureEntry {
  return TYPES.some((type) => type === entry.type);
}

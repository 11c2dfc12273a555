import {describeEvent} from '../../domain/run/describe-event.ts';
import type {JournalEntry} from '../../domain/run/event.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Tone} from '../screen/span.ts';
import {eventTone} from '../view-model/event-tone.ts';
import {timeOfDay} from '../view-model/iso-time.ts';

/** One line of the events pane. */
export interface EventRow {
  /** The event's number, as text: also its key. */
  readonly id: string;
  readonly time: string;
  readonly text: string;
  readonly tone: Tone;
}

/** The events, newest first. */
export function eventsView(events: readonly JournalEntry[], filter: string): readonly EventRow[] {
  const wanted = filter.toLowerCase();
  const rows = events.map(rowOf);
  return (wanted === '' ? rows : rows.filter((row) => row.text.toLowerCase().includes(wanted))).toReversed();
}

// An event never changes: its words are made once.
const made = new WeakMap<JournalEntry, EventRow>();

function rowOf(entry: JournalEntry): EventRow {
  const known = made.get(entry);
  if (known !== undefined) return known;
  const text = screenText(describeEvent(entry));
  const row: EventRow = {id: String(entry.seq), time: timeOfDay(entry.at), text, tone: eventTone(entry)};
  made.set(entry, row);
  return row;
}

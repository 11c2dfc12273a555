import {describeEvent} from '../../domain/run/describe-event.ts';
import type {JournalEntry} from '../../domain/run/event.ts';
import {screenText} from '../screen/screen-text.ts';
import {span, type Tone} from '../screen/span.ts';
import {eventTone} from '../view-model/event-tone.ts';
import {fact} from '../view-model/facts.ts';
import {timeOfDay} from '../view-model/iso-time.ts';
import type {Pane} from './pane.ts';

interface EventRow {
  /** The event's number, as text. */
  readonly id: string;
  readonly time: string;
  readonly text: string;
  readonly tone: Tone;
}

/** So many of the newest are of use. */
const LEAST = 4;

/** The journal, newest first. */
export const EVENTS: Pane<EventRow> = {
  id: 'events',
  name: 'events',
  about:
    'the journal, newest first, in UTC, without the notes of checks, which `f` shows. New events are shown as they come until the cursor is moved; `g` follows them again.',
  place: 'events',
  rows: ({events}) =>
    events
      .filter((entry) => !isNote(entry))
      .map(rowOf)
      .toReversed(),
  words: ({text}) => text,
  cursor: 'newest',
  empty: 'no events yet',
  note: () => 'newest first, UTC',
  // There is always more of it.
  room: ({live}) => ({need: LEAST, all: Math.max(LEAST, live.events.length)}),
  columns: () => [
    {width: 9, cell: ({time}) => span(time, 'dim')},
    {width: null, cell: ({text, tone}) => span(text, tone)},
  ],
  detail: ({live}, id) => {
    const entry = live.events.find(({seq}) => String(seq) === id);
    if (entry === undefined) return {title: `event ${id}`, facts: []};
    const {time, text} = rowOf(entry);
    return {title: `event ${id}`, facts: [fact(`${time} UTC`, text)]};
  },
};

/** A check has dozens of them, each time that a supervisor starts: what has happened to the run would be hidden. */
function isNote(entry: JournalEntry): boolean {
  return entry.type === 'finding.seen' && entry.finding.severity === 'note';
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

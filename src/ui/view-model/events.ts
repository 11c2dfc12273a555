import type {JournalEntry} from '../../domain/event.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Tone} from '../screen/span.ts';
import {eventText} from './event-text.ts';
import {timeOfDay} from './iso-time.ts';

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
  return events
    .map((entry): EventRow => {
      const {text, tone} = eventText(entry);
      return {id: String(entry.seq), time: timeOfDay(entry.at), text: screenText(text), tone};
    })
    .filter((row) => row.text.toLowerCase().includes(wanted))
    .toReversed();
}

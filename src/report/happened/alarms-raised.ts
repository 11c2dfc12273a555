import type {Alarm} from '../../domain/reading/alarm.ts';
import type {JournalEntry} from '../../domain/run/event.ts';

/** An alarm as it was raised, and how long it lasted. Times are ISO 8601. */
export interface RaisedAlarm extends Pick<Alarm, 'id' | 'severity' | 'subject' | 'seen'> {
  readonly raisedAt: string;
  /** Null where it goes on. */
  readonly clearedAt: string | null;
}

/** Every alarm of the run, in order. One that is told anew while it lasts is another row. Pure. */
export function alarmsRaised(journal: readonly JournalEntry[]): RaisedAlarm[] {
  const raised: RaisedAlarm[] = [];
  const open = new Map<string, number>();
  const close = (id: string, at: string): void => {
    const index = open.get(id);
    const alarm = index === undefined ? undefined : raised[index];
    if (index !== undefined && alarm !== undefined) raised[index] = {...alarm, clearedAt: at};
    open.delete(id);
  };
  for (const entry of journal) {
    if (entry.type === 'alarm.raised') {
      const {id, severity, subject, seen} = entry.alarm;
      close(id, entry.at);
      open.set(id, raised.push({id, severity, subject, seen, raisedAt: entry.at, clearedAt: null}) - 1);
    }
    if (entry.type === 'alarm.cleared') close(entry.id, entry.at);
  }
  return raised;
}

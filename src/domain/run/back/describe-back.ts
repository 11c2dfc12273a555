import {visitedWords} from '../cutover/describe-cutover.ts';
import type {JournalEntry} from '../event.ts';

/** An event of the way back as one line for people, without its time. Pure. */
export function describeBack(entry: Extract<JournalEntry, {type: `back.${string}`}>): string {
  switch (entry.type) {
    case 'back.begun':
      return `THE WAY BACK begins, says ${entry.by}`;
    case 'back.stopping':
      return 'WRITES ARE BEING STOPPED on the target';
    case 'back.command': {
      const did = {started: 'starts', done: 'has ended well', undone: 'was undone'}[entry.moment];
      return `command ${entry.command} ${did}${entry.output === '' ? '' : `: ${entry.output}`}`;
    }
    case 'back.writes-stopped':
      return `nobody writes on the target behind ${entry.lsn}`;
    case 'back.opening':
      return `THE SOURCE IS OPENED for writes again, says ${entry.by}`;
    case 'back.handed-over':
      return 'BACK: the source takes writes, with all that was written on the target; the target takes none';
    case 'back.visited':
      return visitedWords(entry.visitors, 'target');
    case 'back.gone-back':
      return `THE WAY BACK WAS TAKEN BACK by ${entry.by}, writes are allowed on the target again: ${entry.reason}`;
  }
}

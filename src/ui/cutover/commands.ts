import type {JournalEntry} from '../../domain/run/event.ts';
import {screenText} from '../screen/screen-text.ts';

/** A command of the operator that a cutover has begun. */
export interface CommandRow {
  /** Its place in longhaul.yaml: `stop_before.0`. */
  readonly name: string;
  /** `runs`, `done`, `undone`. */
  readonly moment: string;
  /** What it printed last. */
  readonly output: string;
}

/** The operator's commands since a cutover was begun, each as it is now, in the order in which they began. Pure. */
export function commandsOf(events: readonly JournalEntry[], since: string): readonly CommandRow[] {
  const rows = new Map<string, CommandRow>();
  for (const entry of events) {
    if (entry.at < since || !isCommand(entry)) continue;
    const {command, moment, output} = entry;
    rows.set(command, {
      name: screenText(command),
      moment: moment === 'started' ? 'runs' : moment,
      output: screenText(output),
    });
  }
  return [...rows.values()];
}

/** The operator's command that runs at this moment; null where none does. Pure. */
export function runningCommand(events: readonly JournalEntry[]): string | null {
  const last = events.findLast(isCommand);
  return last?.moment === 'started' ? screenText(last.command) : null;
}

type CommandEntry = Extract<JournalEntry, {type: 'cutover.command' | 'back.command'}>;

function isCommand(entry: JournalEntry): entry is CommandEntry {
  return entry.type === 'cutover.command' || entry.type === 'back.command';
}

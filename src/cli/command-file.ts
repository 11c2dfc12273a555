import type {Command} from 'commander';
import type {Examples} from './completion/man-page.ts';
import type {Env} from './run/open-run.ts';

/** Under which heading of the help commands are. */
export type CommandGroup =
  | 'Before the run'
  | 'The run'
  | 'Lanes and steps'
  | 'What is on the target'
  | 'Change capture'
  | 'Cutover'
  | 'Ways out'
  | 'Help and rehearsal';

/** Commands of one file. */
export interface CommandFile {
  /** Their names; a hidden one is left out of the help. */
  readonly names: readonly string[];
  readonly hidden?: true;
  readonly group: CommandGroup;
  /** For the help and the man page, by the command; each is parsed by a test, so that it goes on being true. */
  readonly examples: Examples;
  readonly load: (env: Env) => Promise<Command[]>;
}

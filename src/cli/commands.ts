import type {Command} from 'commander';
import type {Env} from './run/open-run.ts';

/** Commands of one file. */
interface CommandFile {
  /** Their names; a hidden one is left out of the help. */
  readonly names: readonly string[];
  readonly hidden?: true;
  readonly load: (env: Env) => Promise<Command[]>;
}

/** Every command, in the order of the help; loaded when it is wanted, so that the console does not wait for what plans a load. */
export const COMMANDS: readonly CommandFile[] = [
  {names: ['init'], load: async () => [(await import('./commands/init.ts')).initCommand()]},
  {names: ['check'], load: async (env) => [(await import('./commands/inspect/check.ts')).checkCommand(env)]},
  {names: ['plan'], load: async (env) => [(await import('./commands/plan.ts')).planCommand(env)]},
  {names: ['steps'], load: async (env) => [(await import('./commands/steps.ts')).stepsCommand(env)]},
  {names: ['run'], load: async (env) => [(await import('./commands/run.ts')).runCommand(env)]},
  {names: ['attach'], load: async (env) => [(await import('./commands/attach.ts')).attachCommand(env)]},
  {names: ['status'], load: async (env) => [(await import('./commands/inspect/status.ts')).statusCommand(env)]},
  {names: ['logs'], load: async (env) => [(await import('./commands/logs.ts')).logsCommand(env)]},
  {names: ['report'], load: async (env) => [(await import('./commands/inspect/report.ts')).reportCommand(env)]},
  {
    names: ['pause', 'resume', 'retry', 'cancel', 'confirm', 'continue', 'shutdown'],
    load: async (env) => (await import('./commands/control.ts')).controlCommands(env),
  },
  {names: ['accept'], load: async (env) => [(await import('./commands/accept.ts')).acceptCommand(env)]},
  {names: ['abort'], load: async (env) => [(await import('./commands/abort.ts')).abortCommand(env)]},
  {names: ['cdc-started'], load: async (env) => [(await import('./commands/cdc-started.ts')).cdcStartedCommand(env)]},
  {names: ['release'], load: async (env) => [(await import('./commands/release.ts')).releaseCommand(env)]},
  {names: ['completion'], load: async () => [(await import('./completion/completion-command.ts')).completionCommand()]},
  {names: ['doctor'], load: async (env) => [(await import('./commands/inspect/doctor.ts')).doctorCommand(env)]},
  {names: ['lab'], load: async () => [(await import('./commands/lab.ts')).labCommand()]},
  {
    names: ['supervise'],
    hidden: true,
    load: async (env) => [(await import('./supervisor/supervise.ts')).superviseCommand(env)],
  },
];

/** These print all commands, whatever else is said. */
const HELP = ['help', '--help', '-h', 'completion'];
const VERSION = ['--version', '-V'];
const WITH_VALUE = ['-c', '--config'];

/** The file of the command that these words begin with; all files where they name none, or ask for help. */
export function commandFiles(words: readonly string[]): readonly CommandFile[] {
  const own = words.filter((word, index) => !word.startsWith('-') && !WITH_VALUE.includes(words[index - 1] ?? ''));
  const named = COMMANDS.filter(({names}) => names.includes(own[0] ?? ''));
  if (words.some((word) => HELP.includes(word))) return COMMANDS;
  return named.length > 0 || words.some((word) => VERSION.includes(word)) ? named : COMMANDS;
}

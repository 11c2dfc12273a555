import {Command, type Option} from 'commander';
import {printable} from '../domain/base/printable.ts';
import {commandFiles, EXAMPLES} from './commands.ts';

import type {Env} from './run/open-run.ts';
import {readVersion} from './version.ts';

const EXIT_CODES =
  'Exit codes: 0 done; 1 a check or a step failed, or something differs; 2 usage or configuration; 3 a server could not be reached.';

/** The command line, with the commands that `words` name, or with all: what is parsed, and what help, completion and man page are made of. */
export async function buildProgram(words: readonly string[], env: Env): Promise<Command> {
  const command = new Command('longhaul')
    .description('Moves a very large self-managed PostgreSQL to a managed one while production keeps running.')
    .version(readVersion())
    .option('-c, --config <file>', 'the configuration', env['LONGHAUL_CONFIG'] ?? 'longhaul.yaml')
    .addHelpText('after', `\n${EXIT_CODES}`);
  for (const {load, group, hidden = false} of commandFiles(words)) {
    for (const part of await load(env)) command.addCommand(part.helpGroup(`${group}:`), {hidden});
  }
  command.commandsGroup('Help and rehearsal:').helpCommand('help [command]', 'display help for command');
  const config = command.options.filter(({long}) => long === '--config');
  for (const part of command.commands) if (!WITHOUT_CONFIG.includes(part.name())) showConfig(part, config);
  finish(command, command.name());
  return command;
}

/** They have no configuration. */
const WITHOUT_CONFIG: readonly string[] = ['lab', 'completion'];

/** Whoever asks for the help of one command is told of the configuration as well, which every one of them wants. */
function showConfig(command: Command, config: readonly Option[]): void {
  command.configureHelp({showGlobalOptions: true, visibleGlobalOptions: () => [...config]});
  for (const part of command.commands) showConfig(part, config);
}

/** Examples in the help; a wrong word told as every other failure is, with what to do; and no exit by commander itself, with 1 for it. */
function finish(command: Command, path: string): void {
  command.exitOverride();
  command.configureOutput({
    outputError: (text, write) =>
      write(`longhaul: ${inOneLine(text)}\n  what to do: ${path} --help lists what it takes\n`),
  });
  const examples = EXAMPLES[path] ?? [];
  if (examples.length > 0) command.addHelpText('after', () => `\nExamples:\n${listed(examples)}`);
  for (const part of command.commands) finish(part, `${path} ${part.name()}`);
}

/** `error: unknown option '--jsn'\n(Did you mean --json?)` → `unknown option '--jsn' (Did you mean --json?)`. */
function inOneLine(text: string): string {
  return printable(
    text
      .replace(/^error: /, '')
      .trim()
      .replaceAll('\n', ' '),
  );
}

/** Each with what it is for beside it; where the terminal is too narrow for that, below it. */
function listed(examples: readonly (readonly [line: string, what: string])[]): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  const beside = examples.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`);
  const room = process.stdout.columns ?? 80;
  if (beside.every((line) => line.length <= room)) return beside.join('\n');
  return examples.map(([line, what]) => `  ${line}\n      ${what}`).join('\n');
}

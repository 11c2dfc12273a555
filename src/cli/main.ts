import {realpathSync} from 'node:fs';
import {pathToFileURL} from 'node:url';
import {Command, CommanderError} from 'commander';
import {commandFiles} from './commands.ts';
import {report} from './exit.ts';
import type {Env} from './run/open-run.ts';
import {readVersion} from './version.ts';

/** The command line, with the commands that `words` name, or with all. */
async function program(words: readonly string[], env: Env): Promise<Command> {
  const command = new Command('longhaul')
    .description('Moves a very large self-managed PostgreSQL to a managed one while production keeps running.')
    .version(readVersion())
    .option('-c, --config <file>', 'the configuration', env['LONGHAUL_CONFIG'] ?? 'longhaul.yaml')
    .addHelpText(
      'after',
      '\nExit codes: 0 done; 1 what was asked is not so; 2 usage or configuration; 3 a server could not be reached.',
    )
    .showHelpAfterError('(--help tells more)');
  for (const {load, hidden = false} of commandFiles(words)) {
    for (const part of await load(env)) command.addCommand(part, {hidden});
  }
  throwErrors(command);
  return command;
}

/** Commander ends the process by itself otherwise, with 1 for a wrong option. */
function throwErrors(command: Command): void {
  command.exitOverride();
  for (const part of command.commands) throwErrors(part);
}

/** Runs the command line and sets the exit code. */
export async function main(argv: readonly string[], env: Env): Promise<void> {
  // `longhaul plan --sql | head` closes the pipe; that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  const command = await program(argv.slice(2), env);
  try {
    await command.parseAsync(argv);
  } catch (error) {
    // Commander has printed its message; help and version end with 0.
    const {config} = command.opts<{config: string}>();
    process.exitCode =
      error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : report(error, {configPath: config});
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  await main(process.argv, process.env);
}

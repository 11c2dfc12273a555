import {realpathSync} from 'node:fs';
import {pathToFileURL} from 'node:url';
import {CommanderError} from 'commander';
import {LonghaulError} from '../domain/base/longhaul-error.ts';
import {report} from './exit.ts';
import {buildProgram} from './program.ts';
import type {Env} from './run/open-run.ts';

/** Runs the command line and sets the exit code. */
export async function main(argv: readonly string[], env: Env): Promise<void> {
  // `longhaul plan --sql | head` closes the pipe; that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') report(noOutput(error), {configPath: ''});
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  const command = await buildProgram(argv.slice(2), env);
  const [word, about] = argv.slice(2);
  try {
    // Commander shows the whole help for it, as if that were the answer.
    if (word === 'help' && about !== undefined && command.commands.every((one) => one.name() !== about))
      command.error(`unknown command '${about}'`);
    await command.parseAsync(argv);
  } catch (error) {
    // Commander has printed its message; help and version end with 0.
    const {config} = command.opts<{config: string}>();
    process.exitCode =
      error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : report(error, {configPath: config});
  }
}

/** `longhaul report --json > FILE` on a disk that is full: half of an answer is none. */
function noOutput(error: NodeJS.ErrnoException): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `what is printed cannot be written: ${error.message}`,
    remedy: 'make room on the disk of the file that it goes to, or name another; then the same command again',
    cause: error,
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  await main(process.argv, process.env);
  // All is done. What may still go on, like the look-up of a host's name, which nobody can call off, must not keep whoever waits for the command.
  setTimeout(() => process.exit(), 500).unref();
}

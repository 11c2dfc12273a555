import {Command} from 'commander';
import {isListening} from '../../engine/wire/probe-socket.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {hasTerminal, openConsole} from '../supervisor/console.ts';
import {openRun, type Env} from '../run/open-run.ts';
import {noSupervisor} from '../supervisor/send.ts';

/** `longhaul attach`: the console on a run that goes on. */
export function attachCommand(env: Env): Command {
  return new Command('attach')
    .description('open the console on a run that is under way')
    .option('--read-only', 'watch only: nothing can be changed')
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<{config: string; readOnly?: boolean}>();
      const run = await openRun(flags.config, env);
      if (!hasTerminal()) {
        throw new LonghaulError({
          code: 'usage',
          message: 'the console needs a terminal for its screen and its keys',
          remedy: 'longhaul status shows the run, longhaul run --plain follows it as lines',
        });
      }
      if (!(await isListening(run.folder.socket))) throw noSupervisor(run);
      process.exitCode = await openConsole(run, {readOnly: flags.readOnly === true, env});
    });
}

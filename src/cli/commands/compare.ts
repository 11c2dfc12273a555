import {Command} from 'commander';
import {openRun, type Env} from '../run/open-run.ts';
import {compareObjectsNow, type ObjectFlags} from './compare-objects.ts';

interface CompareFlags extends ObjectFlags {
  readonly config: string;
  readonly objects?: boolean;
}

/** `longhaul compare`: replica and target, while the replica is at P. */
export function compareCommand(env: Env): Command {
  return new Command('compare')
    .description('compare replica and target now; exit 1 where anything differs that was not meant to')
    .option('--objects', 'objects by their catalogs: definitions, states, owners, privileges, comments')
    .option('--fix', 'make on the target what is missing there, as it is shown; nothing is ever dropped')
    .option('--yes <run>', "the run's name; without it, --fix only shows what it would run")
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<CompareFlags>();
      process.exitCode = await compareObjectsNow(await openRun(flags.config, env), flags, env);
    });
}

import {Command} from 'commander';
import {openRun, type Env} from '../run/open-run.ts';
import {compareRowsNow, type RowFlags} from './inspect/compare-rows.ts';
import {compareObjectsNow, type ObjectFlags} from './compare-objects.ts';

interface CompareFlags extends ObjectFlags, RowFlags {
  readonly config: string;
  readonly objects?: boolean;
}

/** `longhaul compare`: replica and target, while the replica is at P. */
export function compareCommand(env: Env): Command {
  return new Command('compare')
    .description('compare replica and target now; exit 1 where anything differs that was not meant to')
    .argument('[tables...]', 'with their schema: public.users; every row of every loaded table without')
    .option('--quick', 'only how many rows there are')
    .option('--by-month', 'how many rows there are of each month, where a table has a time')
    .option('--sample <percent>', 'only about so many of the rows: 5%')
    .option('--json', 'what was found of rows as JSON')
    .option('--objects', 'objects by their catalogs: definitions, states, owners, privileges, comments')
    .option('--fix', 'make on the target what is missing there, as it is shown; nothing is ever dropped')
    .option('--yes <run>', "the run's name; without it, --fix only shows what it would run")
    .action(async (names: string[], _, command: Command) => {
      const flags = command.optsWithGlobals<CompareFlags>();
      const run = await openRun(flags.config, env);
      process.exitCode =
        flags.objects === true
          ? await compareObjectsNow(run, flags, env)
          : await compareRowsNow(run, names, flags, env);
    });
}

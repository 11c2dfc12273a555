import {Command} from 'commander';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {openRun, type Env} from '../run/open-run.ts';
import {compareRowsNow, type RowFlags} from './inspect/compare-rows.ts';
import {compareRowsAgain, type AgainFlags} from './inspect/compare-again.ts';
import {compareObjectsNow, type ObjectFlags} from './compare-objects.ts';

interface CompareFlags extends ObjectFlags, RowFlags, AgainFlags {
  readonly config: string;
  readonly objects?: boolean;
}

/** What is about rows says nothing of objects, and the other way round: it would be passed over without a word. */
function mustBelongTogether(names: readonly string[], flags: CompareFlags): void {
  const {objects = false, again = false, quick, byMonth, sample, json, converging, fix, yes} = flags;
  const stray = objects
    ? [quick, byMonth, sample, json, names[0], flags.again, converging]
    : again
      ? [quick, byMonth, sample, fix, yes]
      : [fix, yes, converging];
  if (stray.every((one) => one === undefined)) return;
  throw new LonghaulError({
    code: 'usage',
    message: objects
      ? '--objects is about the whole database, and not about rows'
      : again
        ? '--again compares every row, while change capture runs'
        : '--fix and --yes belong to --objects, --converging to --again',
    remedy:
      'longhaul compare [TABLE…] [--quick | --by-month | --sample 5%] [--json], longhaul compare --again [TABLE…] [--converging] [--json], or longhaul compare --objects [--fix [--yes RUN]]',
  });
}

/** `longhaul compare`: replica and target, while the replica is at P. */
export function compareCommand(env: Env): Command {
  return new Command('compare')
    .description('compare replica and target now; exit 1 where anything differs that was not meant to')
    .argument('[tables...]', 'with their schema: public.users; every row of every loaded table without')
    .option('--quick', 'only how many rows there are')
    .option('--by-month', 'how many rows there are of each month, where a table has a time')
    .option('--sample <percent>', 'only about so many of the rows: 5%')
    .option('--again', 'every row once more, while change capture runs; as often as wanted')
    .option('--converging', 'with --again: hold neither apply nor replay for it')
    .option('--json', 'what was found of rows as JSON')
    .option('--objects', 'objects by their catalogs: definitions, states, owners, privileges, comments')
    .option('--fix', 'make on the target what is missing there, as it is shown; nothing is ever dropped')
    .option('--yes <run>', "the run's name; without it, --fix only shows what it would run")
    .action(async (names: string[], _, command: Command) => {
      const flags = command.optsWithGlobals<CompareFlags>();
      mustBelongTogether(names, flags);
      const run = await openRun(flags.config, env);
      process.exitCode =
        flags.objects === true
          ? await compareObjectsNow(run, flags, env)
          : flags.again === true
            ? await compareRowsAgain(run, names, flags)
            : await compareRowsNow(run, names, flags, env);
    });
}

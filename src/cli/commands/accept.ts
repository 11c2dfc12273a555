import {Command} from 'commander';
import {openDifferences, type KnownDifference} from '../../domain/run/difference.ts';
import {describeChange, openChanges, type SchemaChange} from '../../domain/run/drift/schema-change.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import {reduceAll} from '../../domain/run/reduce.ts';
import {readJournal} from '../../engine/run/journal.ts';
import {mustBeMeant} from '../run/must-be-meant.ts';
import {openRun, type Env} from '../run/open-run.ts';
import {say} from '../say.ts';
import {sendOrder} from '../supervisor/send.ts';

interface AcceptFlags {
  readonly config: string;
  readonly all?: boolean;
  readonly yes?: string;
}

/** `longhaul accept`: leaves the target as it is in what could not be made as on the source. Without `--yes` it only lists. */
export function acceptCommand(env: Env): Command {
  return new Command('accept')
    .description('leave what could not be built on the target as it is, for the record; without --yes, list it')
    .argument('[objects...]', "as the list names them: 'index public.users_email'")
    .option('--all', 'everything that is open')
    .option('--yes <run>', "the run's name")
    .action(async (named: string[], _, command: Command) => {
      const flags = command.optsWithGlobals<AcceptFlags>();
      if (flags.all === true && named.length > 0) throw allAndSome();
      const run = await openRun(flags.config, env);
      const {differences, schemaDrift} = reduceAll(await readJournal(run.folder.journal));
      const changed = openChanges(schemaDrift);
      const open = [...openDifferences({differences}), ...changed].map(({object}) => object);
      if (flags.yes === undefined) {
        for (const line of [...describeDifferences(differences), ...describeChanges(changed)]) say(run, line);
        if (named.length === 0 && flags.all !== true) return;
      }
      const again = ['accept', ...(flags.all === true ? ['--all'] : named)];
      mustBeMeant(run, {yes: flags.yes, nothingDone: 'nothing was accepted', again});
      const objects = flags.all === true ? [...new Set(open)] : named;
      if (objects.length === 0) throw nothingNamed();
      await sendOrder(run, {type: 'accept-differences', objects, typed: run.config.run});
    });
}

/** Every difference with its query and remedy, or with who has accepted it. Pure. */
export function describeDifferences(differences: readonly KnownDifference[]): string[] {
  if (differences.length === 0) return ['Nothing is known to differ.'];
  return differences.flatMap(({object, differs, why, query, remedy, accepted}) =>
    [
      `${object} ${differs}`,
      ...(why === '' ? [] : [`    why: ${why}`]),
      ...(query === null ? [] : [`    rows: ${query}`]),
      accepted === null ? `    what to do: ${remedy}` : `    accepted by ${accepted.by} at ${accepted.at}`,
    ].map((line) => printable(line)),
  );
}

function describeChanges(changes: readonly SchemaChange[]): string[] {
  return changes.map((one) => printable(`${describeChange(one)} (the source, since P: longhaul drift)`));
}

function nothingNamed(): LonghaulError {
  return new LonghaulError({
    code: 'usage',
    message: 'no object is named',
    remedy: "name them as longhaul accept lists them, each in quotes: 'index public.users_email'; or --all",
  });
}

function allAndSome(): LonghaulError {
  return new LonghaulError({
    code: 'usage',
    message: '--all and an object exclude each other',
    remedy: 'name the objects, each in quotes, or give --all',
  });
}

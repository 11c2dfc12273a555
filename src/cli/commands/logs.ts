import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {Command} from 'commander';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {reduceAll} from '../../domain/run/reduce.ts';
import type {UnitState} from '../../domain/run/run-state.ts';
import {laneFolderName} from '../../engine/load/host/lane-name.ts';
import {readJournal} from '../../engine/run/journal.ts';
import {findUnit} from '../run/find-unit.ts';
import {openRun, type Env, type OpenRun} from '../run/open-run.ts';
import {logPrinter} from '../run/print-log.ts';

interface LogsFlags {
  readonly config: string;
  readonly follow?: boolean;
  readonly rows?: boolean;
}

/** `longhaul logs`: what both ends of a lane said, straight from its folder, so that it needs no supervisor. */
export function logsCommand(env: Env): Command {
  return new Command('logs')
    .description("a lane's log with its times: statements with their row counts, and what pg_dump and psql said")
    .argument('<lane-or-table>', 'a unit as status names it, a lane number, or a table')
    .option('-f, --follow', 'go on printing what is added, until the unit has ended')
    .option('--rows', 'show also what may quote rows: values in errors, and where they were')
    .action(async (name: string, _, command: Command) => {
      const flags = command.optsWithGlobals<LogsFlags>();
      const run = await openRun(flags.config, env);
      const unit = findUnit(await readUnits(run), name);
      const log = logPrinter(folderOf(run, unit), {rows: flags.rows === true, print: (line) => console.log(line)});
      await log.more(flags.follow !== true);
      while (flags.follow === true && (await isRunning(run, unit.id))) {
        await wait(500);
        await log.more(false);
      }
      await log.more(true);
    });
}

/** Path of the newest log of the unit that a name means; throws where there is no such unit, or it has not been started. */
export async function findLog(run: OpenRun, name: string): Promise<string> {
  return join(folderOf(run, findUnit(await readUnits(run), name)), 'log');
}

async function readUnits(run: OpenRun): Promise<readonly UnitState[]> {
  return reduceAll(await readJournal(run.folder.journal)).units;
}

function folderOf(run: OpenRun, unit: UnitState): string {
  if (unit.state.status !== 'queued') return join(run.folder.lanes, laneFolderName(unit.id, unit.state.attempt));
  throw new LonghaulError({
    code: 'failed',
    message: `${unit.id} has not been started yet`,
    remedy: 'longhaul status shows what runs',
  });
}

async function isRunning(run: OpenRun, id: string): Promise<boolean> {
  return (await readUnits(run)).some((unit) => unit.id === id && unit.state.status === 'running');
}

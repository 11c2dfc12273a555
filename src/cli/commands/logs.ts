import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {Command} from 'commander';
import {printable} from '../../domain/base/printable.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {readJournal} from '../../engine/run/journal.ts';
import {laneFolderName} from '../../engine/load/host/lane-name.ts';
import {readLogPiece} from '../../engine/load/host/read-log.ts';
import {reduceAll} from '../../domain/run/reduce.ts';
import type {UnitState} from '../../domain/run/run-state.ts';
import {findUnit} from '../run/find-unit.ts';
import {openRun, type Env, type OpenRun} from '../run/open-run.ts';

/** `longhaul logs`: what both ends of a lane said, straight from its folder, so that it needs no supervisor. */
export function logsCommand(env: Env): Command {
  return new Command('logs')
    .description("a lane's log: statements with their row counts, and what pg_dump and psql said")
    .argument('<lane-or-table>', 'a unit as status names it, a lane number, or a table')
    .option('-f, --follow', 'go on printing what is added, until the unit has ended')
    .action(async (name: string, _, command: Command) => {
      const flags = command.optsWithGlobals<{config: string; follow?: boolean}>();
      const run = await openRun(flags.config, env);
      const unit = findUnit(await readUnits(run), name);
      let from = await printFrom(logOf(run, unit), 0);
      while (flags.follow === true && (await isRunning(run, unit.id))) {
        await wait(500);
        from = await printFrom(logOf(run, unit), from);
      }
    });
}

/** Path of the newest log of the unit that a name means; throws where there is no such unit, or it has not been started. */
export async function findLog(run: OpenRun, name: string): Promise<string> {
  return logOf(run, findUnit(await readUnits(run), name));
}

async function readUnits(run: OpenRun): Promise<readonly UnitState[]> {
  return reduceAll(await readJournal(run.folder.journal)).units;
}

function logOf(run: OpenRun, unit: UnitState): string {
  if (unit.state.status !== 'queued') return join(run.folder.lanes, laneFolderName(unit.id, unit.state.attempt), 'log');
  throw new LonghaulError({
    code: 'failed',
    message: `${unit.id} has not been started yet`,
    remedy: 'longhaul status shows what runs',
  });
}

async function isRunning(run: OpenRun, id: string): Promise<boolean> {
  return (await readUnits(run)).some((unit) => unit.id === id && unit.state.status === 'running');
}

/** Prints a log from a byte on and gives where it ended. Whole lines are made safe for a terminal; names in it come from the database. */
async function printFrom(path: string, start: number): Promise<number> {
  let from = start;
  for (;;) {
    const piece = await readLogPiece(path, from);
    if (piece.text === '') return piece.end;
    process.stdout.write(
      piece.text
        .split('\n')
        .map((line) => printable(line))
        .join('\n'),
    );
    from = piece.end;
  }
}

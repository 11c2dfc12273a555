import {Command} from 'commander';
import {parseSize} from '../../config/quantities.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {counted, formatLimit} from '../../domain/base/units.ts';
import {reduceAll} from '../../domain/run/reduce.ts';
import {rateOf} from '../../domain/run/run-state.ts';
import {readJournal} from '../../engine/run/journal.ts';
import {openRun, type Env} from '../run/open-run.ts';
import {sendOrder} from '../supervisor/send.ts';

/** `longhaul lanes`: how many lanes load at once, and `longhaul lanes 3`, to change that while it runs. */
export function lanesCommand(env: Env): Command {
  return new Command('lanes')
    .description('load in so many lanes from now on; without a number, how many there are')
    .argument('[number]', 'from 1 to 64')
    .action(async (written: string | undefined, _, command: Command) => {
      const run = await openRun(command.optsWithGlobals<{config: string}>().config, env);
      if (written !== undefined) return sendOrder(run, {type: 'set-lanes', lanes: parseLanes(written)});
      const {lanes, units} = reduceAll(await readJournal(run.folder.journal));
      const running = units.filter(({state}) => state.status === 'running').length;
      console.log(`${counted(lanes === 0 ? run.config.load.lanes : lanes, 'lane')}, ${running} at work`);
    });
}

function parseLanes(written: string): number {
  if (/^\d{1,2}$/.test(written)) return Number(written);
  throw new LonghaulError({
    code: 'usage',
    message: `${written} is no number of lanes`,
    remedy: 'name one from 1 to 64',
  });
}

/** `longhaul rate`: how many bytes a second all lanes together may carry, and `longhaul rate 50MB`, to change that while they load. */
export function rateCommand(env: Env): Command {
  return new Command('rate')
    .description('let all lanes together carry at most so much in a second; without a size, what the limit is')
    .argument('[size]', 'a size with its unit (kB, MB, GB), or none')
    .action(async (written: string | undefined, _, command: Command) => {
      const run = await openRun(command.optsWithGlobals<{config: string}>().config, env);
      if (written !== undefined) return sendOrder(run, {type: 'set-rate', bytesPerSecond: parseRate(written)});
      const state = reduceAll(await readJournal(run.folder.journal));
      console.log(`${formatLimit(rateOf(state, run.config.load.rateBytes))} for all lanes together`);
    });
}

function parseRate(written: string): number | null {
  if (written === 'none') return null;
  const bytes = parseSize(written);
  if (bytes !== null && bytes > 0) return bytes;
  throw new LonghaulError({
    code: 'usage',
    message: `${written} is no size`,
    remedy: 'name one with its unit, as in 50MB, or none',
  });
}

import {Command} from 'commander';
import {reduceAll} from '../../domain/run/reduce.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
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
      console.log(`${lanes === 0 ? run.config.load.lanes : lanes} lanes, ${running} at work`);
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

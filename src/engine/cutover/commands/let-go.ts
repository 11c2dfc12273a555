import {isDeepStrictEqual} from 'node:util';
import type {Config} from '../../../config/config.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import type {Action} from '../../action.ts';
import {asWritten} from '../../back/mirrored.ts';
import {found} from '../../preflight/found.ts';
import {failureOf} from '../../run/run-steps.ts';
import type {StepContext} from '../../step.ts';
import {commandAction, commandsAt, showCommand} from './operator-commands.ts';

/**
 * The operator's commands once the other side takes writes, as one that lets a pool go which was paused: before, its clients would be refused. There is no going back by then: one that fails is told, and
 * keeps none of the others. Behind a supervisor that was killed at this moment they run again.
 */
export function planLettingGo(ctx: StepContext): Action[] {
  return commandsAt(ctx.config, 'opened').map((one) => {
    const action = commandAction(ctx, one);
    const execute = async (): Promise<void> => {
      try {
        await action.execute();
      } catch (error) {
        ctx.signal.throwIfAborted();
        const command = asWritten(ctx, showCommand(ctx.config, one.command.run));
        const finding = notLetGo(failureOf(error).message, command);
        await ctx.record({type: 'finding.seen', step: 'hand-over', finding});
      }
    };
    return {...action, execute};
  });
}

function notLetGo(why: string, command: string): Finding {
  return found('cutover', 'jump box').warning(
    'not-let-go',
    `the target takes writes, and this command of yours has not worked: ${why}`,
    `mend what it says, then run it by hand, as the user that runs longhaul: ${command}`,
  );
}

/** What the commands that stop the application leave so once the target is open, as a pool that stays paused. Pure. */
export function judgeStays(config: Config): Finding[] {
  const after = [...commandsAt(config, 'hand_over'), ...commandsAt(config, 'opened')].map(({command}) => command.run);
  const stops = [...commandsAt(config, 'stop_before'), ...commandsAt(config, 'stop_after')];
  const {warning} = found('cutover', 'longhaul.yaml');
  return stops.flatMap(({name, command: {undo}}) =>
    undo === null || after.some((run) => isDeepStrictEqual(run, undo))
      ? []
      : [
          warning(
            'stays',
            `what cutover.${name} does stays so once the target is open: neither hand_over nor opened has what undoes it, ${showCommand(config, undo)}`,
            'unless that is meant: write it into cutover.opened as well, which runs once the target takes writes',
          ),
        ],
  );
}

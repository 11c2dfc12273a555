import type {Config} from '../../config/config.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {isTargetOpened} from '../../domain/run/cutover/cutover.ts';
import type {Finding} from '../../domain/run/finding.ts';
import type {Action} from '../action.ts';
import {
  commandAction,
  commandsAt,
  isLeading,
  itselfOf,
  oppositeOf,
  type NamedCommand,
} from '../cutover/commands/operator-commands.ts';
import {readPrograms} from '../cutover/commands/programs.ts';
import {remark} from '../make-action.ts';
import {found} from '../preflight/found.ts';
import type {StepContext} from '../step.ts';
import {asWritten} from './mirrored.ts';

/** What takes back a command of the hand-over, by the name of that; or why nothing can be run for it. */
export type LeadingBack = NamedCommand | {readonly name: string; readonly why: string};

/**
 * What leads the application back, from the last command of the hand-over to the first: what had been written as their `undo` when they ran, whatever longhaul.yaml has by now. Those that did not run are
 * not undone, nor those that have no opposite. For a mirrored context. Pure.
 */
export function leadingBack({config, state}: Pick<StepContext, 'config' | 'state'>): LeadingBack[] {
  const {commands = [], undos = {}} = state().back ?? {};
  const names = commands.filter((name) => isLeading(name)).toReversed();
  return names.flatMap((name): LeadingBack[] => {
    const kept = undos[name];
    const opposite = oppositeOf({config}, name, kept);
    if ('why' in opposite) return [{name, why: opposite.why}];
    const {run, limitMs} = opposite;
    if (run === null) return [];
    return [{name, command: {run, undo: itselfOf({config}, name, kept), check: null, limitMs}}];
  });
}

/** What cannot be led back, told before anybody is stopped. */
export async function readLeadingBack(
  ctx: Pick<StepContext, 'config' | 'state' | 'env' | 'isBack'>,
): Promise<Finding[]> {
  const {blocker} = found('cutover', 'longhaul.yaml');
  const all = leadingBack(ctx);
  const missing = all.flatMap((one) => ('why' in one ? [one] : []));
  const commands = [...sameBothWays(ctx.config), ...all.flatMap((one) => ('why' in one ? [] : [one]))];
  return [
    ...missing.map(({name, why}) =>
      blocker('not-led-back', `cutover.${name} cannot be undone: ${asWritten(ctx, why)}`, AS_IT_WAS),
    ),
    ...(await readPrograms(commands, ctx.env)),
  ];
}

/** The application is stopped, and let go, by the same commands in both directions. */
function sameBothWays(config: Config): NamedCommand[] {
  return (['stop_before', 'stop_after', 'opened'] as const).flatMap((place) => commandsAt(config, place));
}

const AS_IT_WAS = 'write its undo into longhaul.yaml again as it was at the hand-over, then longhaul back';

/** Executes them. Once the source is being opened there is only the way forward: what cannot be undone is told, and keeps nobody from writing. */
export function planLeadingBack(ctx: StepContext): Action[] {
  return leadingBack(ctx).map((one) => ('why' in one ? notLed(ctx, one) : commandAction(ctx, one)));
}

function notLed(ctx: StepContext, {name, why}: {readonly name: string; readonly why: string}): Action {
  const message = `cutover.${name} was not undone: ${asWritten(ctx, why)}`;
  return {
    on: 'jump box',
    text: remark(message, '').trim(),
    execute: async () => {
      if (!isTargetOpened(ctx.state().cutover)) throw new LonghaulError({code: 'failed', message, remedy: AS_IT_WAS});
      await ctx.record({type: 'step.progressed', step: 'hand-over', done: 0, total: 1, what: message});
    },
  };
}

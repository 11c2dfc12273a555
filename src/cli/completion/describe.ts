import type {Command, Option} from 'commander';
import {runbookIds, STEP_IDS} from '../../domain/run/step-id.ts';

/** The steps that `longhaul run` walks, with one engine of change capture or another. */
const RUN_STEPS = STEP_IDS.filter((id) =>
  (['dms', 'pglogical', 'native', 'none'] as const).some((engine) => runbookIds(engine, {ownTasks: true}).includes(id)),
);

/** What a shell may offer for a value. */
export type Offer =
  | {readonly kind: 'files'}
  | {readonly kind: 'folders'}
  | {readonly kind: 'words'; readonly words: readonly string[]}
  /** Only the operator knows: a name, a number. */
  | {readonly kind: 'nothing'};

/** An option as help, completion and man page show it. */
export interface DescribedOption {
  /** `-c`, `--config`. */
  readonly names: readonly string[];
  /** `<file>`; null for a switch. */
  readonly value: string | null;
  readonly offer: Offer;
  readonly words: string;
}

/** An argument, `<lane-or-table>` or `[objects...]`. */
export interface DescribedArgument {
  readonly name: string;
  readonly offer: Offer;
  readonly words: string;
}

/** A command with all that it takes; hidden ones are left out. */
export interface DescribedCommand {
  /** Behind `longhaul`: `lab up`; empty for itself. */
  readonly path: string;
  readonly words: string;
  readonly options: readonly DescribedOption[];
  readonly arguments: readonly DescribedArgument[];
  readonly commands: readonly DescribedCommand[];
}

/** The tables of the command line as data. Pure. */
export function describeCommand(command: Command, path = ''): DescribedCommand {
  const help = command.createHelp();
  return {
    path,
    words: help.commandDescription(command) || command.description(),
    options: help.visibleOptions(command).map(describeOption),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.required ? `<${argument.name()}>` : `[${argument.name()}${argument.variadic ? '...' : ''}]`,
      offer: offerOf(argument.name(), {choices: argument.argChoices, steps: STEP_IDS}),
      words: argument.description,
    })),
    commands: help
      .visibleCommands(command)
      .filter((part) => part.name() !== 'help')
      .map((part) => describeCommand(part, path === '' ? part.name() : `${path} ${part.name()}`)),
  };
}

/** A command and those below it, in the order of the help. */
export function allCommands(command: DescribedCommand): readonly DescribedCommand[] {
  return [command, ...command.commands.flatMap((part) => allCommands(part))];
}

function describeOption(option: Option): DescribedOption {
  const value = /<[^>]+>|\[[^\]]+\]/.exec(option.flags)?.[0] ?? null;
  return {
    names: [option.short, option.long].filter((name) => name !== undefined && name !== null),
    value,
    offer:
      value === null ? {kind: 'nothing'} : offerOf(value.slice(1, -1), {choices: option.argChoices, steps: RUN_STEPS}),
    words: option.description,
  };
}

/** By what a value is called in the help. */
function offerOf(
  name: string,
  {choices, steps}: {choices: readonly string[] | undefined; steps: readonly string[]},
): Offer {
  if (choices !== undefined) return {kind: 'words', words: choices};
  switch (name) {
    case 'file':
      return {kind: 'files'};
    case 'dir':
    case 'folders...':
      return {kind: 'folders'};
    case 'step':
      return {kind: 'words', words: steps};
    default:
      return {kind: 'nothing'};
  }
}

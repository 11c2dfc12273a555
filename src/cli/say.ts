import type {Command} from 'commander';
import {shellCommand} from '../engine/load/shell-quote.ts';

let named = (text: string): string => text;

/** From now on a command of ours that is printed carries the --config that this one was given, so that it can be copied. */
export function nameConfig(program: Command): void {
  if (program.getOptionValueSource('config') !== 'cli') return;
  const {config} = program.opts<{config: string}>();
  const commands = program.commands.map((command) => command.name()).filter((name) => name !== 'lab');
  const ours = new RegExp(String.raw`\blonghaul (?=(?:${commands.join('|')})\b)`, 'g');
  named = (text) => text.replaceAll(ours, () => `${shellCommand(['longhaul', '--config', config])} `);
}

/** A line, or more of them, on standard output. */
export function say(text: string): void {
  console.log(named(text));
}

/** A line, or more of them, on standard error. */
export function complain(text: string): void {
  console.error(named(text));
}

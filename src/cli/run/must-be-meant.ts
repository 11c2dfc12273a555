import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import {shellCommand} from '../../engine/tools/shell-quote.ts';
import type {OpenRun} from './open-run.ts';

/** What cannot be taken back, and how it is said that it is meant. */
export interface Question {
  /** What was typed after --yes. */
  readonly yes: string | undefined;
  /** What would be lost, or is true since nothing was done: `nothing was dropped`. */
  readonly nothingDone: string;
  /** The words of the command without --yes: `['cancel', '--all']`. */
  readonly again: readonly string[];
  /** Another name that says as much: the lane's. */
  readonly orName?: string;
}

/** Throws `usage` with the command to give unless --yes has the right name, to the letter: the run's, as in the console. */
export function mustBeMeant({config}: Pick<OpenRun, 'config'>, {yes, nothingDone, again, orName}: Question): void {
  if (yes === config.run || (yes !== undefined && yes === orName)) return;
  const named = orName === undefined ? 'the run is not' : 'neither the run nor the lane is';
  throw new LonghaulError({
    code: 'usage',
    message: yes === undefined ? nothingDone : `${nothingDone}: ${named} called ${shownName(yes)}`,
    remedy: `if that is what you want: longhaul ${shellCommand([...again, '--yes', config.run])}`,
  });
}

const LONGEST = 80;

/** A name that was typed, for a message: an empty one in quotes, a long one cut off. Pure. */
export function shownName(name: string): string {
  if (name.trim() !== name || name === '') return JSON.stringify(printable(name));
  return printable(name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name);
}

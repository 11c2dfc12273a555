import {expect} from 'vitest';
import type {Lab} from '../../src/lab/lab.ts';
import {longhaul, mustEndWell} from '../support/longhaul.ts';

/** Types a command that must fail and say this remedy; gives the remedy's groups: the commands, SQL and keys that are in it. */
export async function failing(lab: Lab, words: string, remedy: RegExp): Promise<string[]> {
  const {code, stdout, stderr} = await longhaul(lab, ...words.split(' '));
  expect(code, stdout + stderr).not.toBe(0);
  return remedyIn(stdout + stderr, remedy);
}

/** The groups of a remedy in what was said, as it is copied from the screen, with the --config that say() has put in. */
export function remedyIn(text: string, remedy: RegExp): string[] {
  const found = remedy.exec(text.replaceAll(/longhaul --config \S+ /g, 'longhaul '));
  if (found === null) throw new Error(`no ${String(remedy)} in: ${text}`);
  return found.slice(1);
}

/** Types what a remedy said, with more behind it; it must end well. */
export async function carry(lab: Lab, command = '', more = ''): Promise<void> {
  await mustEndWell(lab, ...`${command} ${more}`.trim().split(' '));
}

import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {readJournal} from '../../src/engine/run/journal.ts';
import {reduceAll} from '../../src/domain/run/reduce.ts';
import type {JournalEntry} from '../../src/domain/run/event.ts';
import type {RunState} from '../../src/domain/run/run-state.ts';
import type {Lab} from '../../src/lab/lab.ts';

const MAIN = join(import.meta.dirname, '../../dist/cli/main.js');

/** How a command ended and what it printed. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built longhaul as an operator would, on a lab's configuration, until it ends. */
export async function longhaul(lab: Pick<Lab, 'yamlPath'>, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, '--config', lab.yamlPath, ...args],
      {maxBuffer: 64 * 1024 * 1024},
      (error, stdout, stderr) => {
        resolve({code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr});
      },
    );
  });
}

/** The same where it has to end with 0; throws with what it printed otherwise. */
export async function mustEndWell(lab: Pick<Lab, 'yamlPath'>, ...args: string[]): Promise<Ended> {
  const ended = await longhaul(lab, ...args);
  if (ended.code !== 0)
    throw new Error(`longhaul ${args.join(' ')} ended with ${ended.code}:\n${ended.stdout}${ended.stderr}`);
  return ended;
}

/** The journal of a lab's run. */
export async function journalOf(lab: Pick<Lab, 'folder'>): Promise<JournalEntry[]> {
  return readJournal(join(lab.folder, 'run', 'journal.jsonl'));
}

/** The state of a lab's run, from its journal. */
export async function stateOf(lab: Pick<Lab, 'folder'>): Promise<RunState> {
  return reduceAll(await journalOf(lab));
}

/** Asks every 50 ms until the answer is not null; throws after `limitMs` with what was waited for. */
export async function eventually<T>(what: string, ask: () => Promise<T | null>, limitMs = 60_000): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms in vain for: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

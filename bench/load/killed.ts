import {execFile} from 'node:child_process';
import {readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import type {RunEvent} from '../../src/domain/run/event.ts';
import {readJournal} from '../../src/engine/run/journal.ts';
import type {Lab} from '../../src/lab/lab.ts';

type Started = Extract<RunEvent, {type: 'unit.started'}>;

const call = promisify(execFile);
/** So many units are in before everything is killed. */
const IN_BEFORE = 3;

/**
 * Ends supervisor and lanes by SIGKILL once some units are in, and lets another run go on to its end. Gives how many units were loaded a second time.
 * Throws where nothing ran when it was to be killed.
 */
export async function loadedAgain(lab: Lab, launcher: string): Promise<number> {
  const folder = join(lab.folder, 'run');
  rmSync(folder, {recursive: true, force: true});
  const longhaul = async (...words: string[]): Promise<unknown> =>
    call(launcher, ['--config', lab.yamlPath, ...words], {maxBuffer: 64 * 1024 * 1024});
  const entries = async () => readJournal(join(folder, 'journal.jsonl'));
  try {
    await longhaul('run', '--detach');
    while ((await entries()).filter(({type}) => type === 'unit.committed').length < IN_BEFORE)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await killAll(await entries());
    await longhaul('run', '--plain');
    return begun(await entries()).filter(({attempt}) => attempt > 1).length;
  } finally {
    await longhaul('shutdown').catch(() => undefined);
  }
}

async function killAll(entries: readonly RunEvent[]): Promise<void> {
  const ended = new Set(entries.flatMap((entry) => (entry.type === 'unit.committed' ? [entry.unit] : [])));
  const running = begun(entries).filter(({unit}) => !ended.has(unit));
  if (running.length === 0) throw new Error('no unit ran when everything was to be killed: try more --mb');
  const supervisor = entries.findLast((entry) => entry.type === 'supervisor.started');
  if (supervisor === undefined) throw new Error('bug: nobody supervises the run');
  process.kill(supervisor.pid, 'SIGKILL');
  for (const {folder} of running) {
    const [pid = ''] = readFileSync(join(folder, 'pid'), 'utf8').split(' ');
    try {
      process.kill(-Number(pid), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

function begun(entries: readonly RunEvent[]): Started[] {
  return entries.filter((entry): entry is Started => entry.type === 'unit.started');
}

import {spawnSync} from 'node:child_process';
import {reduceAll} from '../../domain/run/reduce.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import {neverBack, steadyClock} from '../../engine/waiting/clocks.ts';
import {readJournal} from '../../engine/run/journal.ts';
import {isListening} from '../../engine/wire/probe-socket.ts';
import {findLog} from '../commands/logs.ts';
import {untoldOf} from '../run/untold-of.ts';
import {type Env, type OpenRun} from '../run/open-run.ts';
import {saveReport} from '../commands/inspect/report.ts';
import {wireClient} from './send.ts';
import {say, withConfig} from '../say.ts';

/** Whether this process can show a console and hear keys. */
export function hasTerminal(): boolean {
  return process.stdout.isTTY && process.stdin.isTTY;
}

/** What becomes of a run without its console. */
const FATES: Readonly<Record<RunState['status'], string>> = {
  new: 'is in an unknown state',
  running: 'goes on without it',
  stopped: 'has stopped; longhaul continue goes on with it',
  done: 'is done',
  aborted: 'is aborted',
};

/** Opens the console on a run's supervisor until the operator leaves it; gives the exit code. Closing it changes nothing. */
export async function openConsole(run: OpenRun, {readOnly, env}: {readOnly: boolean; env: Env}): Promise<0> {
  // Ink and React are only loaded where a console is opened.
  const {startConsole} = await import('../../ui/start-console.tsx');
  const {terminalTaste} = await import('../../ui/terminal-taste.ts');
  const notice = await noticeOf(run);
  const client = wireClient(run, 'console', {readOnly});
  try {
    const {status, units} = await startConsole({
      client,
      readOnly,
      notice,
      complete: (text) => withConfig(run, text),
      ...terminalTaste(env),
      ...run.config.console,
      colours: process.stdout.hasColors(256) ? 256 : 16,
      // Nothing is shown for longer, and no age turns back, where the clock is set back.
      clock: {now: neverBack({now: Date.now, steady: steadyClock, after: 0}), every: repeatedly},
      outside: {writeReport: async () => saveReport(run), showLog: async (unit) => page(await findLog(run, unit), env)},
      stdin: process.stdin,
      stdout: process.stdout,
    });
    if (!(await isListening(run.folder.socket))) {
      const lanes = units.some(({state}) => state.status === 'running') ? 'lanes go on, nothing' : 'nothing';
      say(run, `The console is closed. NO supervisor is running: ${lanes} is watched. longhaul run starts one.`);
      return 0;
    }
    say(run, `The console is closed; run ${run.config.run} ${FATES[status]}. longhaul attach opens it again.`);
  } finally {
    client.close();
  }
  return 0;
}

/** What was changed under the supervisor since it was started. */
async function noticeOf(run: OpenRun): Promise<string | null> {
  const untold = await untoldOf(run, reduceAll(await readJournal(run.folder.journal)));
  return untold.length === 0 ? null : untold.map(({seen, remedy}) => `${seen}; ${remedy}`).join('. ');
}

function repeatedly(ms: number, act: () => void): () => void {
  const timer = setInterval(act, ms);
  return () => clearInterval(timer);
}

// Without -R, which LESS might bring in, less shows control characters and sends none; LESSSECURE keeps it from starting shells and
// editors. Synchronous, because the console would go on reading the keyboard beside it, and each key would go to one of them by chance.
function page(path: string, env: Env): void {
  const {error} = spawnSync('less', ['+G', '--', path], {stdio: 'inherit', env: {...env, LESS: '', LESSSECURE: '1'}});
  if (error !== undefined) throw error;
}

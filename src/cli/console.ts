import {createWireClient} from '../engine/wire/client.ts';
import {whoAmI, type Env, type OpenRun} from './open-run.ts';

/** Opens the console on a run's supervisor until the operator leaves it; gives the exit code. Closing it changes nothing. */
export async function openConsole(run: OpenRun, {readOnly, env}: {readOnly: boolean; env: Env}): Promise<0> {
  // Ink and React are only loaded where a console is opened.
  const {startConsole} = await import('../ui/start-console.tsx');
  const {terminalTaste} = await import('../ui/terminal-taste.ts');
  const who = whoAmI('console');
  const client = createWireClient({path: run.folder.socket, who, readOnly, now: Date.now});
  try {
    await startConsole({
      client,
      readOnly,
      ...terminalTaste(env),
      clock: {now: Date.now, every: repeatedly},
      outside: {writeReport: null, showLog: null},
      stdin: process.stdin,
      stdout: process.stdout,
    });
    console.log(
      `The console is closed; run ${run.config.run} goes on. longhaul attach opens it again, longhaul status looks.`,
    );
  } finally {
    client.close();
  }
  return 0;
}

function repeatedly(ms: number, act: () => void): () => void {
  const timer = setInterval(act, ms);
  return () => clearInterval(timer);
}

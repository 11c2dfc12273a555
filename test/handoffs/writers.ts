import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Lab} from '../../src/lab/lab.ts';
import {findClientBin} from '../../src/lab/cluster/server-programs.ts';

const SCRIPT = fileURLToPath(new URL('writes.sql', import.meta.url));

/** The writers of a round; `stop` ends them and waits until they are gone. */
export interface Writers {
  readonly stop: () => Promise<void>;
}

/** Starts pgbench with the writes on the source, as the application. */
export async function startWriters({source}: Lab): Promise<Writers> {
  const pgbench = join(await findClientBin(source.bin, 'pgbench'), 'pgbench');
  const where = ['-h', source.socketDir, '-p', String(source.port), '-U', 'app', 'app'];
  const child: ChildProcess = spawn(pgbench, ['-n', '-c', '6', '-j', '1', '-T', '100000', '-f', SCRIPT, ...where], {
    stdio: 'ignore',
    env: {PATH: process.env['PATH'] ?? '/usr/bin:/bin'},
  });
  return {
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error('the writers have ended by themselves');
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

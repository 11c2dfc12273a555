import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Lab} from '../../src/lab/lab.ts';
import {findClientBin} from '../../src/lab/cluster/server-programs.ts';

const SCRIPT = fileURLToPath(new URL('writes.sql', import.meta.url));

/** The writers of a round; `stop` ends them and waits until they are gone. */
export interface Writers {
  readonly stop: () => Promise<void>;
}

/** pglogical carries no updates of a table that has REPLICA IDENTITY FULL and no primary key. */
const NOT_BY_PGLOGICAL = /^UPDATE public\.whole .*\n/m;

/** The script for the engine of a lab: its writes are those that it carries. */
async function scriptFor({folder, yamlPath}: Lab): Promise<string> {
  if (!/engine: (?:pglogical|dms)/.test(await readFile(yamlPath, 'utf8'))) return SCRIPT;
  const path = join(folder, 'writes.sql');
  await writeFile(path, (await readFile(SCRIPT, 'utf8')).replace(NOT_BY_PGLOGICAL, ''));
  return path;
}

/** Starts pgbench with the writes on the source, as the application. */
export async function startWriters(lab: Lab): Promise<Writers> {
  const {source} = lab;
  const script = await scriptFor(lab);
  const pgbench = join(await findClientBin(source.bin, 'pgbench'), 'pgbench');
  const where = ['-h', source.socketDir, '-p', String(source.port), '-U', 'app', 'app'];
  const child: ChildProcess = spawn(pgbench, ['-n', '-c', '6', '-j', '1', '-T', '100000', '-f', script, ...where], {
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

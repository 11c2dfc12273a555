import {spawn} from 'node:child_process';
import {closeSync, constants, openSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {builtProgram} from '../../config/files/package-files.ts';
import type {LabServer} from '../cluster/lab-server.ts';

/** In the lab's folder the server user may make files, so that no link there is followed. */
const {O_APPEND, O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY} = constants;

/** The stand-in's program. */
const PROGRAM = builtProgram('lab/dms/main');

/** The replication instance that the stand-in says it is. */
export const LAB_INSTANCE = 'arn:aws:dms:us-east-1:000000000000:rep:LAB';

/** The secrets by which the stand-in knows the lab's servers. */
export const LAB_SECRETS = {source: 'lab-source', target: 'lab-target'} as const;

/** The lab that a stand-in belongs to. */
export interface LabOfStandIn {
  readonly folder: string;
  readonly source: Pick<LabServer, 'conninfo'>;
  readonly target: Pick<LabServer, 'conninfo'>;
}

const EVERY_MS = 25;
const TRIES = 400;

/** Starts a stand-in for DMS on a port of this machine, detached, and waits until it answers; dms.log, dms.pid and what it knows are in the lab's folder. */
export async function startStandIn({folder, source, target}: LabOfStandIn, port: number): Promise<void> {
  const settings = join(folder, 'dms.json');
  const secrets = {[LAB_SECRETS.source]: source.conninfo, [LAB_SECRETS.target]: target.conninfo};
  const text = JSON.stringify({port, stateFile: join(folder, 'dms-state.json'), secrets});
  await writeFile(settings, text, {flag: O_CREAT | O_TRUNC | O_WRONLY | O_NOFOLLOW, mode: 0o600});
  await launch(folder);
  await untilItAnswers(port);
}

/** Starts it again where it was killed. */
export async function restartStandIn(folder: string): Promise<void> {
  const settings: unknown = JSON.parse(await readFile(join(folder, 'dms.json'), 'utf8'));
  await launch(folder);
  if (typeof settings === 'object' && settings !== null && 'port' in settings)
    await untilItAnswers(Number(settings.port));
}

async function launch(folder: string): Promise<void> {
  const log = openSync(join(folder, 'dms.log'), O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
  const child = spawn(process.execPath, [PROGRAM, join(folder, 'dms.json')], {
    detached: true,
    stdio: ['ignore', log, log],
    env: {PATH: process.env['PATH'] ?? '/usr/bin:/bin'},
  });
  closeSync(log);
  child.unref();
  if (child.pid === undefined) throw new Error('lab: the stand-in for DMS did not start');
  await writeFile(join(folder, 'dms.pid'), `${child.pid}\n`, {flag: O_CREAT | O_TRUNC | O_WRONLY | O_NOFOLLOW});
}

async function untilItAnswers(port: number): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answered = await fetch(`http://127.0.0.1:${port}/`, {method: 'POST', body: '{}'}).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await wait(EVERY_MS);
  }
  throw new Error('lab: the stand-in for DMS does not answer; see dms.log in the folder of the lab');
}

/** The stand-in's pid; null where it does not run. A pid that another program has got since is nobody's. */
export async function readStandIn(folder: string): Promise<number | null> {
  const pid = Number(await readFile(join(folder, 'dms.pid'), 'utf8').catch(() => '0'));
  if (pid === 0) return null;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes(join(folder, 'dms.json')) ? pid : null;
}

/** Ends the stand-in at once, and waits until it is gone; nothing where it does not run. It keeps all that it knows. */
export async function killStandIn(folder: string): Promise<void> {
  const pid = await readStandIn(folder);
  if (pid === null) return;
  process.kill(pid, 'SIGKILL');
  for (let tries = 0; tries < TRIES && (await readStandIn(folder)) !== null; tries += 1) await wait(EVERY_MS);
}

/** Asks the stand-in to do something wrong with the task of a slot: faults.ts. */
export async function askForFault(folder: string, task: string, faults: object): Promise<void> {
  const settings: unknown = JSON.parse(await readFile(join(folder, 'dms.json'), 'utf8'));
  const port = typeof settings === 'object' && settings !== null && 'port' in settings ? Number(settings.port) : 0;
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: {'x-amz-target': 'AmazonDMSv20160101.SetTaskFaults'},
    body: JSON.stringify({Task: task, ...faults}),
  });
  if (!answer.ok) throw new Error(`lab: the stand-in refuses the fault: ${await answer.text()}`);
}

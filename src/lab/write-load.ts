import {readFile, rm, writeFile} from 'node:fs/promises';
import {spawn} from 'node:child_process';
import {closeSync, constants, openSync} from 'node:fs';
import {join} from 'node:path';
import {builtFile} from '../config/files/package-files.ts';
import type {LabServer} from './cluster/lab-server.ts';
import {findClientBin} from './cluster/server-programs.ts';

/** The tables the write load changes, as fingerprints name them. */
export const WRITTEN_TABLES: ReadonlySet<string> = new Set([
  'billing.line_items',
  'billing.orders',
  'billing.status_log',
  'public.account_history',
  'public.accounts',
  'public.events',
  'public.teller_history',
  'public.tellers',
]);

/** In the lab's folder the server user may make files, so that no link there is followed. */
const {O_APPEND, O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY} = constants;

/** The scripts with their weights: of ten transactions, six are transfers. */
const SCRIPTS = {transfer: 6, order: 2, event: 2} as const;

/**
 * Starts pgbench with the lab's own scripts against the source, detached, and returns its pid; `rate` is in transactions per second.
 * It goes on until `stopWriteLoad`. Its pid and log are write-load.pid and write-load.log in the lab's folder.
 */
export async function startWriteLoad(lab: {folder: string; source: LabServer}, rate: number): Promise<number> {
  const {folder, source} = lab;
  const [[accounts = '1', events = '1'] = []] = await source.sql(
    'SELECT (SELECT max(id) FROM public.accounts), (SELECT max(id) FROM public.events)',
  );
  const log = openSync(join(folder, 'write-load.log'), O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
  const pgbench = join(await findClientBin(source.bin, 'pgbench'), 'pgbench');
  const options = ['-n', '-c', '4', '-j', '1', '-R', String(rate), '-T', '8640000', '-P', '60'];
  const variables = ['-D', `accounts=${accounts}`, '-D', `events=${events}`];
  const scripts = Object.entries(SCRIPTS).flatMap(([name, weight]) => [
    '-f',
    `${builtFile(`lab/write-load/${name}.sql`)}@${weight}`,
  ]);
  const where = ['-h', source.socketDir, '-p', String(source.port), '-U', 'app', 'app'];
  const child = spawn(pgbench, [...options, ...variables, ...scripts, ...where], {
    detached: true,
    stdio: ['ignore', log, log],
    env: {PATH: process.env['PATH'] ?? '/usr/bin:/bin'},
  });
  closeSync(log);
  child.unref();
  if (child.pid === undefined) throw new Error('lab: pgbench did not start');
  await writeFile(join(folder, 'write-load.pid'), `${child.pid}\n`, {flag: O_CREAT | O_TRUNC | O_WRONLY | O_NOFOLLOW});
  return child.pid;
}

/** The write load's pid, or null when it does not run. A pid that another program has got since is nobody's. */
export async function readWriteLoad(lab: {folder: string; source: LabServer}): Promise<number | null> {
  const pid = Number(await readFile(join(lab.folder, 'write-load.pid'), 'utf8').catch(() => '0'));
  if (pid === 0) return null;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes('pgbench') && command.includes(lab.source.socketDir) ? pid : null;
}

/** Ends the write load and waits until it is gone; nothing when it does not run. */
export async function stopWriteLoad(lab: {folder: string; source: LabServer}): Promise<void> {
  const pid = await readWriteLoad(lab);
  if (pid !== null) {
    process.kill(pid, 'SIGTERM');
    await waitUntilGone(lab);
  }
  await rm(join(lab.folder, 'write-load.pid'), {force: true});
}

async function waitUntilGone(lab: {folder: string; source: LabServer}): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await readWriteLoad(lab)) === null) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 25);
    });
  }
  throw new Error('lab: pgbench did not end within 5 s of SIGTERM');
}

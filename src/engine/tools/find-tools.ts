import {readdir} from 'node:fs/promises';
import {delimiter, join} from 'node:path';
import {execa} from 'execa';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {parseProgramVersion} from '../../domain/pg/server-version.ts';
import {findPv} from './find-pv.ts';
import type {Tool, Tools} from './tools.ts';

const LIMIT_MS = 10_000;

/**
 * Finds pg_dump, pg_restore and psql: in the configured folder, else the newest release of the usual places, else in PATH. All three come
 * from one folder, so that they are of one release. pv is searched in PATH, and may be missing. Throws `config` with where it searched.
 */
export async function findTools(
  folder: string | null,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Tools> {
  const folders = folder === null ? [...(await packagedFolders()), ...(env['PATH'] ?? '').split(delimiter)] : [folder];
  for (const one of folders) {
    const tools = await toolsIn(one);
    if (tools !== null) return {...tools, pv: await findPv(env)};
  }
  throw new LonghaulError({
    code: 'config',
    message: `pg_dump, pg_restore and psql were not found in ${folder ?? 'the usual places and PATH'}`,
    remedy:
      "install the client tools of the target's release (apt install postgresql-client-NN), or name their folder: tools in longhaul.yaml",
  });
}

async function packagedFolders(): Promise<string[]> {
  const debian = (await releases('/usr/lib/postgresql')).map((name) => join('/usr/lib/postgresql', name, 'bin'));
  const redHat = (await releases('/usr'))
    .filter((name) => name.startsWith('pgsql-'))
    .map((name) => join('/usr', name, 'bin'));
  return [...debian, ...redHat];
}

/** Newest first. */
async function releases(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.toSorted((a, b) => numberIn(b) - numberIn(a));
}

function numberIn(name: string): number {
  return Number(/\d+(\.\d+)?/.exec(name)?.[0] ?? 0);
}

async function toolsIn(folder: string): Promise<Omit<Tools, 'pv'> | null> {
  const [pgDump, pgRestore, psql] = await Promise.all(
    ['pg_dump', 'pg_restore', 'psql'].map((name) => toolAt(join(folder, name))),
  );
  return pgDump == null || pgRestore == null || psql == null ? null : {pgDump, pgRestore, psql};
}

async function toolAt(path: string): Promise<Tool | null> {
  const {stdout, failed} = await execa(path, ['--version'], {reject: false, timeout: LIMIT_MS});
  const version = failed ? null : parseProgramVersion(stdout);
  return version === null ? null : {path, version};
}

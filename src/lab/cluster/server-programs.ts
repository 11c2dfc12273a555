import {existsSync} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {execa} from 'execa';
import {parseProgramVersion, type ServerVersion} from '../../domain/pg/server-version.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';

/** Debian's folders of server programs, and where PGDG's RPMs have theirs. */
const ROOTS = ['/usr/lib/postgresql', '/usr'] as const;

/** How a program of the lab is run. */
export interface ProgramOptions {
  /** What goes to its standard input; nothing when left out. */
  readonly input?: string;
  /** Run as the user that owns the clusters, as initdb, postgres and pg_ctl must be. */
  readonly asServerUser?: boolean;
  /** What the environment has besides PATH and LC_ALL; the operator's PG* variables never reach the lab. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs one program to its end and gives what it printed. As root, server programs run as `postgres`, for initdb and postgres refuse root.
 * Throws a LonghaulError with the program's own words.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<string> {
  const [file, ...rest] = options.asServerUser === true ? asServerUser([program, ...args]) : [program, ...args];
  const result = await execa(file, rest, {
    input: options.input ?? '',
    env: {PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8', ...options.env},
    extendEnv: false,
    // Its own session: ^C on the lab must not reach a server (pg_ctl before 10 does no setsid).
    detached: true,
    cwd: '/',
    reject: false,
    stripFinalNewline: false,
  });
  if (result.failed) {
    const words = result.stderr.trim() || result.stdout.trim() || (result.originalMessage ?? 'it did not start');
    throw new LonghaulError({
      code: 'failed',
      message: `lab: ${program} failed: ${words.split('\n').map(printable).join(' / ')}`,
      remedy: 'Read the server logs in the lab folder; `longhaul lab down` removes it.',
    });
  }
  return result.stdout;
}

/** Writes a file of a cluster as the user that owns it: in a folder of that user, root could be led elsewhere by a link. */
export async function writeAsServerUser(path: string, text: string, how: 'anew' | 'append' = 'anew'): Promise<void> {
  const script = how === 'append' ? 'cat >> "$1"' : 'cat > "$1"';
  await runProgram('sh', ['-c', script, 'sh', path], {input: text, asServerUser: true});
}

/** The command with what makes it run as the clusters' user in front of it. */
function asServerUser(command: readonly [string, ...string[]]): [string, ...string[]] {
  if (process.getuid?.() !== 0) return [...command];
  return ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--', ...command];
}

/**
 * The folder of initdb, pg_ctl and postgres: the newest whose server has pglogical, else the newest.
 * Throws a LonghaulError when there is none.
 */
export async function findServerBin(): Promise<string> {
  const folders = (await Promise.all(ROOTS.map(binFolders))).flat().toSorted((a, b) => b.major - a.major);
  const found = folders.find(({bin}) => hasPglogical(bin)) ?? folders[0];
  if (found !== undefined) return found.bin;
  throw new LonghaulError({
    code: 'unreachable',
    message: 'lab: no PostgreSQL server programs were found on this machine',
    remedy: 'Run scripts/install-postgres.sh (Debian), or name their folder: longhaul lab up --source-bin DIR',
  });
}

async function binFolders(root: string): Promise<{major: number; bin: string}[]> {
  const names = existsSync(root) ? await readdir(root) : [];
  return names.flatMap((name) => {
    const major = /^(?:pgsql-)?(\d+)(?:\.\d+)?$/.exec(name)?.[1];
    const bin = join(root, name, 'bin');
    return major !== undefined && existsSync(join(bin, 'initdb')) ? [{major: Number(major), bin}] : [];
  });
}

/** Whether the server of this folder has pglogical's library: `/usr/lib/postgresql/15/bin` → `../lib/pglogical.so`. */
export function hasPglogical(bin: string): boolean {
  return ['../lib', '../lib/postgresql'].some((lib) => existsSync(join(bin, lib, 'pglogical.so')));
}

/** The folder that has this client program: the server's own, else the one of the newest server that has it (embedded servers bring no psql). */
export async function findClientBin(serverBin: string, program: string): Promise<string> {
  if (existsSync(join(serverBin, program))) return serverBin;
  const folders = (await Promise.all(ROOTS.map(binFolders))).flat().toSorted((a, b) => b.major - a.major);
  const found = folders.find(({bin}) => existsSync(join(bin, program)));
  if (found !== undefined) return found.bin;
  throw new LonghaulError({
    code: 'unreachable',
    message: `lab: ${program} was found neither in ${serverBin} nor among the machine's PostgreSQL programs`,
    remedy: 'Run scripts/install-postgres.sh (Debian), or install the PostgreSQL client programs.',
  });
}

/** The release of a folder's server, as server_version_num counts: 90624, 150020. A plain error where it tells none. */
export async function readRelease(bin: string): Promise<ServerVersion> {
  const text = await runProgram(join(bin, 'postgres'), ['--version']);
  const version = parseProgramVersion(text);
  if (version === null) throw new Error(`lab: ${bin}/postgres does not tell its version: ${text}`);
  return version;
}

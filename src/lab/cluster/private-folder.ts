import {existsSync} from 'node:fs';
import {chmod, chown, lstat, mkdir, mkdtemp, readdir, rm, rmdir} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {runProgram} from './server-programs.ts';

/** sun_path holds 108 bytes with its NUL; `/s/.s.PGSQL.65535` comes after the folder. */
const LONGEST = 107 - '/s/.s.PGSQL.65535'.length;

/**
 * Makes the lab's folder, empty and 0700, with the folder of its sockets; without a path a new one under the temporary folder.
 * Throws a LonghaulError when it is not empty, too long for a socket, or out of the reach of the clusters' user.
 */
export async function createPrivateFolder(path?: string): Promise<string> {
  const folder = path ?? (await mkdtemp(join(tmpdir(), 'lh-lab-')));
  if (Buffer.byteLength(folder) > LONGEST) {
    throw refusal(`${folder} is longer than ${LONGEST} bytes: a unix socket has no room in it`);
  }
  await mkdir(folder, {recursive: true, mode: 0o700});
  // Under /tmp somebody else may have put a link of that name.
  if (!(await lstat(folder)).isDirectory()) throw refusal(`${folder} is a link`);
  if ((await readdir(folder)).length > 0) throw refusal(`${folder} is not empty`);
  await mkdir(join(folder, 's'), {mode: 0o700});
  try {
    await giveToServerUser([folder, join(folder, 's')]);
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
  return folder;
}

/** Makes folders 0700 and the server user's own. Throws a LonghaulError when that user cannot reach them. */
export async function giveToServerUser(folders: readonly string[]): Promise<void> {
  await Promise.all(folders.map((folder) => chmod(folder, 0o700)));
  if (process.getuid?.() !== 0) return;
  const uid = Number(await runProgram('id', ['-u', 'postgres']));
  const gid = Number(await runProgram('id', ['-g', 'postgres']));
  await Promise.all(folders.map((folder) => chown(folder, uid, gid)));
  // A home of root is closed to `postgres`, whoever owns the folder within.
  await Promise.all(folders.map((folder) => runProgram('test', ['-x', folder], {asServerUser: true}))).catch(() => {
    throw refusal(`${folders[0] ?? ''} lies in a folder that the user postgres may not enter`);
  });
}

/** Removes a folder of the lab with all that is in it; of a mount point only what is in it. */
export async function removeFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const names = await readdir(folder);
  await Promise.all(names.map((name) => rm(join(folder, name), {recursive: true, force: true})));
  await rmdir(folder).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EBUSY')) throw error;
  });
}

function refusal(message: string): LonghaulError {
  return new LonghaulError({
    code: 'usage',
    message: `lab: ${message}`,
    remedy: 'Name another one, as in --folder /tmp/longhaul-lab, or remove it with longhaul lab down --folder DIR.',
  });
}

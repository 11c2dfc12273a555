import {constants, existsSync} from 'node:fs';
import {mkdir, mkdtemp, open, readdir, rm, rmdir, type FileHandle} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {judgePath} from '../../config/files/trusted-path.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {runProgram} from './server-programs.ts';

/** sun_path holds 108 bytes with its NUL; `/s/.s.PGSQL.65535` comes after the folder. */
const LONGEST = 107 - '/s/.s.PGSQL.65535'.length;

/**
 * Makes the lab's folder, empty and closed to others, with the folder of its sockets; without a path a new one under the temporary folder.
 * Throws a LonghaulError when it is not empty, too long for a socket, in the hands of another user, or out of the reach of the clusters' user.
 */
export async function createPrivateFolder(path?: string): Promise<string> {
  const folder = path ?? (await mkdtemp(join(tmpdir(), 'lh-lab-')));
  if (Buffer.byteLength(folder) > LONGEST) {
    throw refusal(`${folder} is longer than ${LONGEST} bytes: a unix socket has no room in it`);
  }
  mustBeOurs(folder);
  await mkdir(folder, {recursive: true, mode: 0o700});
  // Under /tmp somebody else may have made it in between, or have put a link of that name.
  mustBeOurs(folder);
  if ((await readdir(folder)).length > 0) throw refusal(`${folder} is not empty`);
  await mkdir(join(folder, 's'), {mode: 0o700});
  try {
    await shareWithServerUser(folder);
    await giveToServerUser([join(folder, 's')]);
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
  return folder;
}

/** Throws a LonghaulError where somebody else could put his own things at the path of a lab. */
export function mustBeOurs(path: string): void {
  const untrusted = judgePath(path);
  if (untrusted === null) return;
  const {path: where, seen} = untrusted;
  throw refusal(`${path} cannot be used: ${where} ${seen}`);
}

/**
 * The server user may make files in the lab's folder; what root has there it cannot move or replace, for the folder is root's and sticky. Without
 * root both are one user.
 */
async function shareWithServerUser(folder: string): Promise<void> {
  const owner = await serverUser();
  await withFolders([folder], async ([handle]) => {
    if (owner !== null) await handle?.chown(0, owner.gid);
    await handle?.chmod(owner === null ? 0o700 : 0o1770);
  });
}

/**
 * Makes folders 0700 and the server user's own. Throws a LonghaulError when that user cannot reach them, or where one is a link: each is opened
 * once, before any is given away, so that nothing that is swapped in afterwards is given away.
 */
export async function giveToServerUser(folders: readonly string[]): Promise<void> {
  const owner = await serverUser();
  await withFolders(folders, async (handles) => {
    for (const handle of handles) {
      await handle.chmod(0o700);
      if (owner !== null) await handle.chown(owner.uid, owner.gid);
    }
  });
  if (owner === null) return;
  // A home of root is closed to `postgres`, whoever owns the folder within.
  await Promise.all(folders.map((folder) => runProgram('test', ['-x', folder], {asServerUser: true}))).catch(() => {
    throw refusal(`${folders[0] ?? ''} lies in a folder that the user postgres may not enter`);
  });
}

async function withFolders(folders: readonly string[], act: (handles: readonly FileHandle[]) => Promise<void>) {
  const handles: FileHandle[] = [];
  try {
    for (const folder of folders) handles.push(await openFolder(folder));
    await act(handles);
  } finally {
    await Promise.all(handles.map(async (handle) => handle.close()));
  }
}

async function openFolder(folder: string): Promise<FileHandle> {
  try {
    return await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ELOOP' || code === 'ENOTDIR') throw refusal(`${folder} is a link, or no folder`);
    throw error;
  }
}

/** The user that owns the clusters; null where that is whoever runs this. */
async function serverUser(): Promise<{readonly uid: number; readonly gid: number} | null> {
  if (process.getuid?.() !== 0) return null;
  return {
    uid: Number(await runProgram('id', ['-u', 'postgres'])),
    gid: Number(await runProgram('id', ['-g', 'postgres'])),
  };
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

import {LonghaulError} from './longhaul-error.ts';

/** What a file or folder of the jump box can have against us, and what helps; anything else is not the operator's to mend. */
const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'let the user who runs longhaul read and write there, or name another place',
  EPERM: 'let the user who runs longhaul read and write there, or name another place',
  EROFS: 'it is on a read-only file system: name another place',
  EISDIR: 'it is a folder: name a file',
  ENOTDIR: 'a part of its path is a file: name another place',
  ENOENT: 'its folder is not there: make it, or name another place',
  ELOOP: 'its path is a loop of symbolic links: name another place',
  ENAMETOOLONG: 'its name is too long: name another place',
  ENOSPC: 'make room on its disk, then run the same command again',
  EDQUOT: 'make room within the quota, then run the same command again',
  EIO: "the jump box's disk fails: see dmesg",
  EMFILE: 'raise the limit of open files (ulimit -n), then run the same command again',
};

/** A failure of the jump box's own files as the operator's, `/etc/x: permission denied`; null for any other. Pure. */
export function fromSystem(error: unknown): LonghaulError | null {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return null;
  const remedy = REMEDIES[String(error.code)];
  if (remedy === undefined) return null;
  // `EACCES: permission denied, open '/etc/x'` as Node has it.
  const words = error.message.replace(/^[A-Z]+: /, '').replace(/, \w+ '.*$/s, '');
  const path = String(error.path);
  return new LonghaulError({code: 'config', message: `${path === '' ? '""' : path}: ${words}`, remedy, cause: error});
}

import {constants} from 'node:fs';
import {open, rename, rm} from 'node:fs/promises';

const {O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY} = constants;

/**
 * Writes a file so that a reader finds the old text or the new, never a part. Its folder may be another user's, as that of a metrics collector is: what
 * somebody has put there in the place of the draft is taken away and not written through.
 */
export async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  await rm(draft, {force: true});
  const file = await open(draft, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, mode);
  try {
    // Whatever the umask takes away.
    await file.chmod(mode);
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

import {chmod, rename, writeFile} from 'node:fs/promises';

/** Writes a file so that a reader finds the old text or the new, never a part; it may be lost with the machine. `mode` holds whatever the umask is. */
export async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  await writeFile(draft, text, {mode});
  await chmod(draft, mode);
  await rename(draft, path);
}

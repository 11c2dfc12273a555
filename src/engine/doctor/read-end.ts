import {open} from 'node:fs/promises';

/** The end of a file, at most so many bytes, from the beginning of a line on where it was cut; null where it cannot be read. */
export async function readEnd(path: string, most: number): Promise<string | null> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return null;
  try {
    const {size} = await file.stat();
    const length = Math.min(size, most);
    const {buffer, bytesRead} = await file.read(Buffer.alloc(length), 0, length, size - length);
    const text = buffer.subarray(0, bytesRead).toString('utf8');
    return size > most ? text.slice(text.indexOf('\n') + 1) : text;
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

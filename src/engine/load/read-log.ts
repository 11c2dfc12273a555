import {open} from 'node:fs/promises';

const PIECE = 64 * 1024;

/**
 * A piece of a file, at most 64 kB from byte `from`; a negative `from` counts from the end. `end` is the file's length now.
 * A file that is not there is empty.
 */
export async function readLogPiece(path: string, from: number): Promise<{from: number; text: string; end: number}> {
  try {
    const file = await open(path, 'r');
    try {
      const end = (await file.stat()).size;
      const start = from < 0 ? Math.max(0, end + from) : Math.min(from, end);
      const {buffer, bytesRead} = await file.read(
        Buffer.alloc(Math.min(PIECE, end - start)),
        0,
        Math.min(PIECE, end - start),
        start,
      );
      return {from: start, text: buffer.subarray(0, bytesRead).toString('utf8'), end: start + bytesRead};
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {from: 0, text: '', end: 0};
    throw error;
  }
}

import {open} from 'node:fs/promises';
import type {Reading} from '../../domain/reading/reading.ts';
import {parseReading} from '../../probes/out/readings-file.ts';

const TAIL = 64 * 1024;

/** The readings in the last part of the readings' file, oldest first; none where there is no file. */
export async function lastReadings(path: string): Promise<Reading[]> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return [];
  try {
    const {size} = await file.stat();
    const length = Math.min(size, TAIL);
    const {buffer} = await file.read(Buffer.alloc(length), 0, length, size - length);
    const lines = buffer
      .toString('utf8')
      .split('\n')
      .slice(size > TAIL ? 1 : 0, -1);
    return lines.flatMap((line) => parseReading(line));
  } finally {
    await file.close();
  }
}

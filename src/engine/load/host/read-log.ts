import {open} from 'node:fs/promises';
import type {LogPiece} from '../../../domain/run/log-piece.ts';

const PIECE = 64 * 1024;

/**
 * A piece of a file, at most 64 kB from byte `from`; a negative `from` counts from the end. It ends with a whole character where the
 * file is UTF-8. A file that is not there is empty.
 */
export async function readLogPiece(path: string, from: number): Promise<LogPiece> {
  try {
    const file = await open(path, 'r');
    try {
      const {size} = await file.stat();
      const start = from < 0 ? Math.max(0, size + from) : Math.min(from, size);
      const room = Math.min(PIECE, size - start);
      const {buffer, bytesRead} = await file.read(Buffer.alloc(room), 0, room, start);
      const whole = wholeCharacters(buffer.subarray(0, bytesRead));
      return {from: start, text: whole.toString('utf8'), end: start + whole.length, size};
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return {from: 0, text: '', end: 0, size: 0};
    throw error;
  }
}

/** Without the beginning of a character at the end, whose other bytes are not there yet. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const length = byte >= 0b1111_0000 ? 4 : byte >= 0b1110_0000 ? 3 : byte >= 0b1100_0000 ? 2 : 1;
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

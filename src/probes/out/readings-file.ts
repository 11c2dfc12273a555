import {appendFile, readFile, rm, stat} from 'node:fs/promises';
import {setImmediate as otherWork} from 'node:timers/promises';
import type {Reading} from '../../domain/reading/reading.ts';
import {isKnownReading} from '../../domain/reading/known-reading.ts';
import {readingKey} from '../../domain/reading/reading-key.ts';
import {replaceFile} from './replace-file.ts';

const MOST_BYTES = 16 * 1024 * 1024;

/** The readings of a run, kept for looking back: readings.jsonl and the one before it. */
export interface ReadingsFile {
  /** Writes behind whatever is being written; rejects when the disk does not take it. */
  append(reading: Reading): Promise<void>;
}

/** How old readings are thinned, the oldest first: from that age on, one of each kind in so long a time. Milliseconds. */
const THINNED = [
  {olderThanMs: 24 * 3_600_000, everyMs: 600_000},
  {olderThanMs: 3_600_000, everyMs: 60_000},
];
/** After so many lines whoever reads or thins them does something else first. */
const LINES_AT_ONCE = 5000;

/**
 * Opens nothing: every reading is appended, and at `mostBytes` what is in the file goes into `PATH.1`, where old readings are thinned and never
 * cut off: days are seen in the report as days. A reading that is lost with the machine is no loss, so nothing is synced.
 */
export function readingsFileAt(path: string, mostBytes = MOST_BYTES): ReadingsFile {
  let size: number | null = null;
  let tail: Promise<unknown> = Promise.resolve();
  async function write(reading: Reading): Promise<void> {
    const unsure = size === null;
    size ??= await sizeOf(path);
    // A full disk or a kill may have left the beginning of a line.
    const line = `${unsure && size > 0 ? '\n' : ''}${JSON.stringify(reading)}\n`;
    if (size > 0 && size + Buffer.byteLength(line) > mostBytes) {
      await thinInto(path);
      size = 0;
    }
    await appendFile(path, line, {mode: 0o600});
    size += Buffer.byteLength(line);
  }
  return {
    append: async (reading) => {
      const written = tail.then(async () => write(reading));
      tail = written.catch(() => (size = null));
      return written;
    },
  };
}

/** Moves the file's readings behind those of `PATH.1`, all of them thinned by their age against the youngest. */
async function thinInto(path: string): Promise<void> {
  const readings = await readBack(path);
  const youngestMs = Math.max(...readings.slice(-1).map(({at}) => Date.parse(at)));
  const lines: string[] = [];
  const lastMs = new Map<string, number>();
  for (const [n, reading] of readings.entries()) {
    if (n % LINES_AT_ONCE === 0) await otherWork();
    const atMs = Date.parse(reading.at);
    const {everyMs} = THINNED.find(({olderThanMs}) => youngestMs - atMs > olderThanMs) ?? {everyMs: 0};
    const key = readingKey(reading);
    if (atMs < (lastMs.get(key) ?? -Infinity) + everyMs) continue;
    lastMs.set(key, atMs);
    lines.push(`${JSON.stringify(reading)}\n`);
  }
  await replaceFile(`${path}.1`, lines.join(''), 0o600);
  await rm(path);
}

/** The readings that were kept, oldest first; none where there is no file. A line that a full disk or a kill cut short is passed over. */
export async function readBack(path: string): Promise<Reading[]> {
  const texts = await Promise.all([`${path}.1`, path].map(async (one) => readFile(one, 'utf8').catch(() => '')));
  const readings: Reading[] = [];
  for (const [n, line] of texts.flatMap((text) => text.split('\n')).entries()) {
    // Five days are a hundred thousand lines; a supervisor, or a console that writes a report, does something else as well.
    if (n % LINES_AT_ONCE === 0) await otherWork();
    readings.push(...parseReading(line));
  }
  return readings;
}

/** The reading of a line; none for what is none, or is one that only another version knows. */
export function parseReading(line: string): Reading[] {
  try {
    const kept: unknown = JSON.parse(line);
    return isKnownReading(kept) ? [kept] : [];
  } catch {
    return [];
  }
}

/** Lets one reading of each kind through in every `everyMs`: fifty slots are 15 kB, and the file is bounded. */
export function seldom(everyMs: number): (reading: Reading) => boolean {
  const lastMs = new Map<string, number>();
  return (reading) => {
    const key = readingKey(reading);
    const atMs = Date.parse(reading.at);
    if (atMs < (lastMs.get(key) ?? -Infinity) + everyMs) return false;
    lastMs.set(key, atMs);
    return true;
  };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

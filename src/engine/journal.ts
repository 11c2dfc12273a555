import {open, readFile, truncate, type FileHandle} from 'node:fs/promises';
import type {JournalEntry, RunEvent} from '../domain/event.ts';
import {LonghaulError} from '../domain/longhaul-error.ts';

/** The run's journal, open for appending: one event per line, on disk before `append` resolves. */
export interface Journal {
  /** What was in it when it was opened, oldest first. */
  readonly replayed: readonly JournalEntry[];
  append(event: RunEvent): Promise<JournalEntry>;
  close(): Promise<void>;
}

/**
 * Opens a journal for appending, creating it when there is none. A torn last line, left by a crash in mid-write, is cut off:
 * its event was never acknowledged. `now` gives the jump box's clock in milliseconds. One process at a time: the run's lock sees to it.
 */
export async function openJournal(path: string, now: () => number): Promise<Journal> {
  const text = await readText(path);
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) await truncate(path, Buffer.byteLength(whole));
  const replayed = parseJournal(path, whole);
  const file = await open(path, 'a', 0o600);
  return appendingTo(file, replayed, now);
}

/** Reads a journal that another process may be writing; a torn last line is passed over. Empty when there is no file. */
export async function readJournal(path: string): Promise<JournalEntry[]> {
  const text = await readText(path);
  return parseJournal(path, text.slice(0, text.lastIndexOf('\n') + 1));
}

function appendingTo(file: FileHandle, replayed: JournalEntry[], now: () => number): Journal {
  let seq = replayed.at(-1)?.seq ?? 0;
  // Appends queue behind each other, so that the numbers in the file grow line by line.
  let tail: Promise<unknown> = Promise.resolve();
  async function write(event: RunEvent): Promise<JournalEntry> {
    const entry: JournalEntry = {seq: seq + 1, at: new Date(now()).toISOString(), ...event};
    await file.appendFile(`${JSON.stringify(entry)}\n`);
    await file.datasync();
    seq = entry.seq;
    return entry;
  }
  return {
    replayed,
    append: (event) => {
      const written = tail.then(() => write(event));
      tail = written.catch(() => undefined);
      return written;
    },
    close: async () => {
      await tail;
      await file.close();
    },
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function parseJournal(path: string, text: string): JournalEntry[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => parseEntry(path, line, index + 1));
}

function parseEntry(path: string, line: string, number: number): JournalEntry {
  try {
    const entry: JournalEntry = JSON.parse(line);
    if (entry.seq === number && typeof entry.at === 'string' && typeof entry.type === 'string') return entry;
  } catch {
    // Falls through to the one message below.
  }
  throw new LonghaulError({
    code: 'failed',
    message: `${path} line ${number} is not the event number ${number}`,
    remedy:
      'the journal was changed by hand or the disk lost a part: restore the file from a copy, or move the run folder away and start anew',
  });
}

import {open, readFile, truncate, type FileHandle} from 'node:fs/promises';
import type {JournalEntry, RunEvent} from '../../domain/run/event.ts';
import {isoTime} from '../../domain/base/iso-time.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {neverBack, steadyClock, type Clock} from '../waiting/clocks.ts';
import {headerLine, judgeEntry, parseJournal} from './journal-format.ts';

/** The run's journal, open for appending: a header, then one event per line, on disk before `append` resolves. */
export interface Journal {
  /** What was in it when it was opened, oldest first. */
  readonly replayed: readonly JournalEntry[];
  /** Throws a JournalError when the disk does not take it; the file then holds what it held before. */
  append(event: RunEvent): Promise<JournalEntry>;
  /** The time for what is written down beside it: the writer's clock, and never behind what the journal has. */
  readonly now: Clock;
  close(): Promise<void>;
}

/** Who writes: the jump box's clock in milliseconds since 1970, a steady one, and the version of Longhaul, `0.1.0`. */
export interface Writer {
  readonly now: Clock;
  readonly steady?: Clock;
  readonly version: string;
}

/** What the journal asks of its open file. */
export type JournalFile = Pick<FileHandle, 'appendFile' | 'datasync' | 'truncate' | 'close'>;

/** How it is opened; the disk is a parameter, so that a test can be a disk that does not take everything. */
export type OpenFile = (path: string, flags: string, mode: number) => Promise<JournalFile>;

/** The disk does not take an event, most often because it is full. What the event tells of has not been acknowledged. */
export class JournalError extends LonghaulError {
  constructor(path: string, cause: unknown) {
    super({
      code: 'failed',
      message: `the journal ${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy: 'make room on the disk of the run folder; lanes go on meanwhile, and the run does once there is room',
      cause,
    });
    this.name = 'JournalError';
  }
}

/**
 * Opens a journal for appending, creating it when there is none; one of format 0 goes on without a header. A torn last line, left by a crash
 * in mid-write, is cut off: its event was never acknowledged. A journal that this version does not understand is not touched. One process at
 * a time: the run's lock sees to it.
 */
export async function openJournal(path: string, writer: Writer, openFile: OpenFile = open): Promise<Journal> {
  const text = await readText(path);
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const bytes = Buffer.byteLength(whole);
  const replayed = parseJournal(path, whole);
  if (whole.length < text.length) await truncate(path, bytes);
  const file = await openFile(path, 'a', 0o600);
  return appendingTo(path, {file, replayed, bytes, writer});
}

/** Reads a journal that another process may be writing; a torn last line is passed over. Empty when there is no file. */
export async function readJournal(path: string): Promise<JournalEntry[]> {
  const text = await readText(path);
  return parseJournal(path, text.slice(0, text.lastIndexOf('\n') + 1));
}

interface Opened {
  readonly file: JournalFile;
  readonly replayed: JournalEntry[];
  readonly bytes: number;
  readonly writer: Writer;
}

function appendingTo(path: string, {file, replayed, bytes, writer}: Opened): Journal {
  const [newest] = replayed.slice(-1);
  let last = newest === undefined ? -Infinity : Date.parse(newest.at);
  const now = neverBack({now: writer.now, steady: writer.steady ?? steadyClock, after: last});
  let seq = replayed.at(-1)?.seq ?? 0;
  let length = bytes;
  // Set while the file may end with a part of a line, which the next event must not be written behind.
  let torn = false;
  // Appends queue behind each other, so that the numbers in the file grow line by line.
  let tail: Promise<unknown> = Promise.resolve();
  async function write(event: RunEvent): Promise<JournalEntry> {
    const wrong = judgeEntry(event);
    if (wrong !== null) throw new Error(`bug: ${wrong}`);
    // What is later has the later time, also within a millisecond: events and readings are put in order by it.
    const atMs = Math.max(Math.floor(now()), last + 1);
    const entry: JournalEntry = {seq: seq + 1, at: isoTime(atMs), ...event};
    const line = `${length === 0 ? `${headerLine(writer.version)}\n` : ''}${JSON.stringify(entry)}\n`;
    try {
      if (torn) await file.truncate(length);
      torn = true;
      await file.appendFile(line);
      await file.datasync();
      torn = false;
    } catch (error) {
      throw new JournalError(path, error);
    }
    length += Buffer.byteLength(line);
    seq = entry.seq;
    last = atMs;
    return entry;
  }
  return {
    replayed,
    now,
    append: (event) => {
      const written = tail.then(() => write(event));
      tail = written.catch(() => undefined);
      return written;
    },
    close: async () => {
      await tail;
      if (torn) await file.truncate(length).catch(() => undefined);
      await file.close();
    },
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'ENOENT') return '';
    throw new LonghaulError({
      code: 'failed',
      message: `the journal cannot be read: ${error.message}`,
      remedy: `the run folder belongs to the user who runs it: see ls -l ${path}`,
      cause: error,
    });
  }
}

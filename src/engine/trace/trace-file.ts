import {appendFileSync, mkdirSync, renameSync, statSync} from 'node:fs';
import {dirname} from 'node:path';
import type {Config} from '../../config/config.ts';
import {createRedactor} from '../../config/redact.ts';
import {isoTime} from '../../domain/base/iso-time.ts';
import type {Trace} from '../../domain/base/trace.ts';
import type {RunFolder} from '../run/run-folder.ts';

/** A file that is longer becomes the previous one, in the place of that: a trace never takes more than twice as much. */
const LONGEST_BYTES = 16 * 1024 * 1024;

/**
 * Writes what the configuration wants traced to the run folder: a JSON object a line with its time (UTC), secrets masked. Several processes may
 * write at once. Each line is written when it happens, so that a process that is killed leaves the last of what it did.
 */
export function openTrace(
  {trace: wanted, servers}: Pick<Config, 'trace' | 'servers'>,
  folder: Pick<RunFolder, 'trace'>,
  {now, longestBytes = LONGEST_BYTES}: {readonly now: () => number; readonly longestBytes?: number},
): Trace {
  if (wanted.length === 0) return () => undefined;
  const redact = createRedactor({servers});
  let lost = 0;
  return (event) => {
    if (!wanted.includes(event.trace)) return;
    const line = redactedLine(
      {at: isoTime(now()), pid: process.pid, ...event, ...(lost > 0 ? {lostBefore: lost} : {})},
      redact,
    );
    try {
      append(folder.trace, line, longestBytes);
      lost = 0;
    } catch {
      // A full disk takes no trace, and what is traced goes on; the next line that is taken says how many are missing.
      lost += 1;
    }
  };
}

function redactedLine(entry: Readonly<Record<string, unknown>>, redact: (text: string) => string): string {
  return `${JSON.stringify(entry, (_, value: unknown) => (typeof value === 'string' ? redact(value) : value))}\n`;
}

function append(path: string, line: string, longestBytes: number): void {
  const bytes = statSync(path, {throwIfNoEntry: false})?.size ?? null;
  if (bytes === null) mkdirSync(dirname(path), {recursive: true, mode: 0o700});
  else if (bytes + Buffer.byteLength(line) > longestBytes) renameSync(path, previousTrace(path));
  appendFileSync(path, line, {mode: 0o600});
}

/** Where the trace before this one is: `trace.jsonl` → `trace.jsonl.1`. */
export function previousTrace(path: string): string {
  return `${path}.1`;
}

import {createReadStream} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {isoTime} from '../../domain/base/iso-time.ts';
import {printable} from '../../domain/base/printable.ts';
import {readLogPiece} from '../../engine/load/host/read-log.ts';
import {rowHider} from './hide-rows.ts';

/** How a lane's log is printed. */
interface LogStyle {
  /** Whether what may be rows is shown. */
  readonly rows: boolean;
  readonly print: (line: string) => void;
}

/** Prints a log on, from where the last call ended. */
export interface LogPrinter {
  /** All whole lines that are new; at the `end`, a last one without its line break as well. */
  more(end: boolean): Promise<void>;
}

/**
 * Prints `log` of a lane's folder, each line with the time at which it came where `times` beside it has one, safe for a terminal: names in it
 * come from the database.
 */
export function logPrinter(folder: string, {rows, print}: LogStyle): LogPrinter {
  const hide = rows ? (line: string): string => line : rowHider();
  let from = 0;
  let rest = '';
  let printed = 0;
  const tell = (line: string, times: ReadonlyMap<number, number>): void => {
    printed += 1;
    const shown = hide(line);
    if (shown !== null) print(`${timeOf(printed, times)} ${printable(shown)}`.trimEnd());
  };
  return {
    more: async (end) => {
      for (;;) {
        const piece = await readLogPiece(join(folder, 'log'), from);
        if (piece.text === '') break;
        from = piece.end;
        const times = await readTimes(join(folder, 'times'));
        const lines = `${rest}${piece.text}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) tell(line, times);
      }
      if (end && rest !== '') tell(rest, await readTimes(join(folder, 'times')));
      if (end) rest = '';
    },
  };
}

const LAST = -1;

/** Seconds since 1970 by the number of the line, and for what the lane wrote at its end under LAST; empty where no times were kept. */
async function readTimes(path: string): Promise<ReadonlyMap<number, number>> {
  const times = new Map<number, number>();
  try {
    for await (const line of createInterface({input: createReadStream(path), crlfDelay: Infinity})) {
      const [, number, seconds] = /^(\d+) (\d+)$/.exec(line) ?? [];
      if (number === undefined) continue;
      times.set(Number(number), Number(seconds));
      times.set(LAST, Number(seconds));
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  return times;
}

const WIDTH = '2026-11-26T19:55:01Z'.length;

function timeOf(line: number, times: ReadonlyMap<number, number>): string {
  const seconds = times.get(line) ?? (times.size > 0 && line > times.size - 1 ? times.get(LAST) : undefined);
  return seconds === undefined ? ' '.repeat(WIDTH) : isoTime(seconds * 1000).replace(/\.\d+Z$/, 'Z');
}

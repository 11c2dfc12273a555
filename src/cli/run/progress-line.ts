import {printable} from '../../domain/base/printable.ts';
import {formatDuration} from '../../domain/base/units.ts';

/** Where progress is written: standard error, so that what a script reads stays whole. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Tells what a command is doing while it takes its time. */
export interface ProgressLine {
  /** What is done from now on: `sizes of all tables`. */
  say(what: string): void;
  /** Takes the line away; nothing is written after it. */
  end(): void;
}

const TICK_MS = 1000;
/** Into a file or a pipe a line goes only now and then; what is quick writes none. */
const QUIET_TICKS = 5;

/** Begins to tell: on a terminal one line that is written over, elsewhere a line every five seconds. */
export function startProgress(stream: ProgressStream, now: () => number): ProgressLine {
  const startedMs = now();
  let what = '';
  let ticks = 0;
  const words = (): string => `${what}, ${formatDuration(now() - startedMs)} …`;
  const draw = (): void => {
    if (what !== '') stream.write(`\r\u001B[K${printable(words()).slice(0, (stream.columns ?? 80) - 1)}`);
  };
  const timer = setInterval(() => {
    ticks += 1;
    if (stream.isTTY === true) draw();
    else if (what !== '' && ticks % QUIET_TICKS === 0) stream.write(`${printable(words())}\n`);
  }, TICK_MS);
  timer.unref();
  return {
    say: (next) => {
      what = next;
      if (stream.isTTY === true) draw();
    },
    end: () => {
      clearInterval(timer);
      if (stream.isTTY === true && what !== '') stream.write('\r\u001B[K');
    },
  };
}

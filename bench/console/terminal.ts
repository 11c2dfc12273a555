import {readFileSync} from 'node:fs';
import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';

/** A program on a real pty, with a terminal in memory behind it. */
export interface BenchTerminal {
  /** Bytes that it has written, and frames (Ink marks each as a synchronized update). */
  readonly counts: {bytes: number; frames: number};
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  /** Called after every piece of output, once the terminal shows it. */
  onOutput(listener: () => void): () => void;
  screen(): string[];
  /** The terminal itself, for what the text alone does not tell. */
  readonly terminal: xterm.Terminal;
  /** The console's own process, which the launcher waits for. */
  innerPid(): number;
  /** User and system time so far, milliseconds. */
  cpuMs(): number;
  /** The most memory that was resident, MB. */
  residentMb(): number;
  kill(): void;
}

const FRAME = '\u001b[?2026h';

/** Starts a command on a pty of this size. */
export function onPty(command: readonly string[], size: {columns: number; rows: number}): BenchTerminal {
  const [file = '', ...args] = command;
  const env: Record<string, string> = {
    LONGHAUL_NODE: process.execPath,
    NODE_ENV: 'production',
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '/',
  };
  const pty = spawn(file, args, {cols: size.columns, rows: size.rows, name: 'xterm-256color', env});
  const terminal = new xterm.Terminal({cols: size.columns, rows: size.rows, allowProposedApi: true, scrollback: 0});
  const counts = {bytes: 0, frames: 0};
  const listeners = new Set<() => void>();
  pty.onData((data) => {
    counts.bytes += Buffer.byteLength(data);
    counts.frames += data.split(FRAME).length - 1;
    terminal.write(data, () => listeners.forEach((listener) => listener()));
  });
  // The launcher waits for its one child, to give the terminal back.
  const inner = (): number => {
    const children = readFileSync(`/proc/${pty.pid}/task/${pty.pid}/children`, 'utf8').trim();
    return children === '' ? pty.pid : Number(children.split(' ')[0]);
  };
  return {
    terminal,
    counts,
    type: (keys) => pty.write(keys),
    resize: (columns, rows) => {
      terminal.resize(columns, rows);
      pty.resize(columns, rows);
    },
    onOutput: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    screen: () => {
      const buffer = terminal.buffer.active;
      return Array.from(
        {length: terminal.rows},
        (_, y) => buffer.getLine(buffer.viewportY + y)?.translateToString(true) ?? '',
      );
    },
    innerPid: inner,
    cpuMs: () => {
      // utime and stime are fields 14 and 15, in ticks of 10 ms; the name in field 2 may hold spaces.
      const fields = readFileSync(`/proc/${inner()}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
    residentMb: () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${inner()}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    kill: () => pty.kill('SIGKILL'),
  };
}

/** Waits until the screen is as wanted, at most so long; milliseconds that it took. */
export async function waitForScreen(
  terminal: BenchTerminal,
  wanted: (screen: string[]) => boolean,
  limitMs = 10_000,
): Promise<number> {
  const startedAt = performance.now();
  if (wanted(terminal.screen())) return 0;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`not on the screen after ${limitMs} ms:\n${terminal.screen().join('\n')}`));
    }, limitMs);
    const stop = terminal.onOutput(() => {
      if (!wanted(terminal.screen())) return;
      clearTimeout(timer);
      stop();
      resolve(performance.now() - startedAt);
    });
  });
}

/** Lets time pass. */
export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

import {execFile, execFileSync} from 'node:child_process';
import {promisify} from 'node:util';
import type {Figure} from '../figures.ts';
import {type BenchTerminal, onPty, pause, waitForScreen} from './terminal.ts';

// Where the cursor is: before a row, or in the title of a lane's box.
const cursor = (screen: readonly string[]): string =>
  screen.map((row) => Math.max(row.indexOf('▌'), row.indexOf('┌▶ table'))).join(' ');

const shown = (screen: readonly string[]): boolean =>
  (screen[0] ?? '').includes('bench') && (screen.at(-1) ?? '').includes('q leave');

/** From the command to the run's first screen. */
export async function firstScreen(command: readonly string[]): Promise<{terminal: BenchTerminal; figure: Figure}> {
  const terminal = onPty(command, {columns: 160, rows: 50});
  const value = await waitForScreen(terminal, shown);
  return {terminal, figure: {name: 'first screen', value, goal: 1000, unit: 'ms'}};
}

/** Processor, bytes a frame and frames, over `seconds` of a feed that moves everything twice a second. */
export async function underLoad(terminal: BenchTerminal, seconds: number): Promise<Figure[]> {
  const cpu = terminal.cpuMs();
  const {bytes, frames} = terminal.counts;
  await pause(seconds * 1000);
  const drawn = Math.max(1, terminal.counts.frames - frames);
  return [
    {
      name: `processor, 20 lanes and 50 slots at 2 Hz (${(drawn / seconds).toFixed(1)} frames a second)`,
      value: (terminal.cpuMs() - cpu) / seconds / 10,
      goal: 8,
      unit: '% of a core',
    },
    {name: 'output a frame', value: (terminal.counts.bytes - bytes) / drawn / 1000, goal: 6, unit: 'kB'},
  ];
}

/** From a key to the cursor's move, while everything moves. */
export async function keys(terminal: BenchTerminal, count: number): Promise<Figure[]> {
  const took: number[] = [];
  for (let i = 0; i < count; i += 1) {
    await pause(37 + ((i * 53) % 90));
    const before = cursor(terminal.screen());
    terminal.type(i % 2 === 0 ? 'j' : 'k');
    took.push(await waitForScreen(terminal, (screen) => cursor(screen) !== before));
  }
  took.sort((a, b) => a - b);
  return [
    {name: 'key to screen, median', value: took[Math.floor(count / 2)] ?? 0, goal: 20, unit: 'ms'},
    {name: 'key to screen, 95th percentile', value: took[Math.floor(count * 0.95)] ?? 0, goal: 80, unit: 'ms'},
  ];
}

/** How long a command of the shell takes, the middle one of several calls. */
export async function commandTime(name: string, command: readonly string[]): Promise<Figure> {
  const [file = '', ...args] = command;
  const took: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    const beganMs = performance.now();
    // The feed, which the command asks, is of this process.
    await promisify(execFile)(file, args, {maxBuffer: 256 * 1024 * 1024});
    took.push(performance.now() - beganMs);
  }
  return {name: `${name}, median`, value: took.toSorted((a, b) => a - b)[2] ?? Number.NaN, goal: 1000, unit: 'ms'};
}

/** Frames while the same readings come twice a second on a run that is done. */
export async function whenNothingChanges(terminal: BenchTerminal): Promise<Figure> {
  await waitForScreen(terminal, (screen) => (screen[0] ?? '').includes('DONE'));
  await pause(2000);
  const {frames} = terminal.counts;
  await pause(10_000);
  return {name: 'frames in 10 s when nothing changes', value: terminal.counts.frames - frames, goal: 0, unit: ''};
}

// Resolves once nothing has been written for a while; a slow machine draws late, which is no broken screen.
async function quiet(terminal: BenchTerminal): Promise<void> {
  let last = performance.now();
  const stop = terminal.onOutput(() => {
    last = performance.now();
  });
  while (performance.now() - last < 120) await pause(20);
  stop();
}

/** Screens that are not what a fresh painting gives, over a storm of resizes. */
export async function resizeStorm(terminal: BenchTerminal, count: number): Promise<Figure> {
  let broken = 0;
  for (let i = 0; i < count; i += 1) {
    terminal.resize(60 + ((i * 67) % 141), 12 + ((i * 29) % 49));
    if (i % 4 === 0) terminal.resize(60 + ((i * 31) % 141), 12 + ((i * 17) % 49));
    await quiet(terminal);
    const after = terminal.screen().join('\n');
    terminal.type('\u000c');
    await quiet(terminal);
    const fresh = terminal.screen().join('\n');
    if (after !== fresh || !fresh.includes('bench')) {
      broken += 1;
      if (process.env['BENCH_SHOW'] !== undefined) console.log(`--- broken ${i}\n${after}\n--- fresh\n${fresh}`);
    }
  }
  return {name: `broken screens over ${count} resizes from 60x12 to 200x60`, value: broken, goal: 0, unit: ''};
}

/** Blank frames that a tmux client sees over `seconds` of a moving feed. */
export async function inTmux(command: readonly string[], seconds: number): Promise<Figure> {
  const socket = `lhb${process.pid}`;
  const inner = command.map((part) => `'${part}'`).join(' ');
  execFileSync('tmux', [
    '-L',
    socket,
    '-f',
    '/dev/null',
    'new-session',
    '-d',
    '-x',
    '160',
    '-y',
    '50',
    `LANG=C.UTF-8 LONGHAUL_NODE=${process.execPath} ${inner}`,
  ]);
  try {
    const terminal = onPty(['tmux', '-L', socket, 'attach'], {columns: 160, rows: 50});
    await waitForScreen(terminal, (screen) => (screen[0] ?? '').includes('bench'));
    let blank = 0;
    const stop = terminal.onOutput(() => {
      if (terminal.screen().filter((row) => row.trim() !== '').length < 25) blank += 1;
    });
    await pause(seconds * 1000);
    stop();
    terminal.kill();
    return {name: `blank frames in tmux over ${seconds} s`, value: blank, goal: 0, unit: ''};
  } finally {
    execFileSync('tmux', ['-L', socket, 'kill-server']);
  }
}

import {chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {appendFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type Feed, startFeed} from '../../../bench/console/feed.ts';
import {type BenchTerminal, onPty, waitForScreen} from '../../../bench/console/terminal.ts';

const BIN = process.env['LONGHAUL_BIN'] ?? join(import.meta.dirname, '../../../bin/longhaul');
const POLL = {timeout: 20_000};
const folder = mkdtempSync(join(tmpdir(), 'lh-terminal-'));
/** A Node that throws what nobody catches once it is told to. */
const CRASHING = join(folder, 'node');

/** The one child of a process. */
function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}

async function see(terminal: BenchTerminal, text: string | RegExp): Promise<void> {
  const isThere = (screen: readonly string[]): boolean => new RegExp(text).test(screen.join('\n'));
  await waitForScreen(terminal, isThere, 25_000);
}

/** What a terminal is left with: its mouse, its pastes and its screen. */
function left({terminal}: BenchTerminal): unknown {
  const {mouseTrackingMode, bracketedPasteMode} = terminal.modes;
  return {mouse: mouseTrackingMode, pastes: bracketedPasteMode, screen: terminal.buffer.active.type};
}

describe('a console with a mouse', () => {
  let feed: Feed;
  beforeAll(async () => {
    feed = await startFeed('done');
    await appendFile(feed.config, 'console: {mouse: yes, theme: light}\n');
    writeFileSync(join(folder, 'crash.mjs'), `process.on('SIGUSR2', () => { throw new Error('a bug'); });\n`);
    writeFileSync(CRASHING, `#!/bin/sh\nexec '${process.execPath}' --import '${folder}/crash.mjs' "$@"\n`);
    chmodSync(CRASHING, 0o755);
  });
  afterAll(async () => {
    await feed.stop();
    rmSync(folder, {recursive: true, force: true});
  });

  test.each([
    ['kill -TERM of the console', {of: 'console', signal: 'SIGTERM'}],
    ['kill -TERM of the launcher', {of: 'launcher', signal: 'SIGTERM'}],
    ['kill -9 of the console', {of: 'console', signal: 'SIGKILL'}],
    ['a bug that nobody catches', {of: 'console', signal: 'SIGUSR2'}],
  ] as const)('leaves the terminal as it was after %s', async (_, how) => {
    // What the next prompt would find: a shell that starts the console, and then asks the terminal.
    const script = `LONGHAUL_NODE='${CRASHING}' '${BIN}' --config '${feed.config}' attach; stty -a; printf 'given back'; sleep 20`;
    const shell = onPty(['sh', '-c', script], {columns: 100, rows: 30});
    try {
      await see(shell, 'q leave');
      await expect.poll(() => left(shell), POLL).toEqual({mouse: 'vt200', pastes: true, screen: 'alternate'});
      const launcher = shell.innerPid();
      process.kill(how.of === 'console' ? childOf(launcher) : launcher, how.signal);
      await see(shell, /(?<!-)icanon[^]* echo [^]*given back/);
      await expect.poll(() => left(shell), POLL).toEqual({mouse: 'none', pastes: false, screen: 'normal'});
    } finally {
      shell.kill();
    }
  });
});

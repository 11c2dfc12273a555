import {appendFileSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {readLogPiece} from '../../../src/engine/load/host/read-log.ts';
import {consoleOnScreen} from './console-on-screen.ts';
import {numbered, onLog} from './on-log.ts';

async function failing(): Promise<void> {
  throw new Error('spawnSync less ENOENT');
}

test('l follows the log of the lane, cuts or wraps its lines, and searches it', async () => {
  const lines = Array.from({length: 60}, (_, i) => `line ${i} ${'x'.repeat(i === 59 ? 100 : 3)}`).join('\n');
  const text = `${lines}\n`;
  const console = await consoleOnScreen({
    log: (from) => ({from: Math.max(0, from), text: from < 0 ? text : '', end: text.length}),
  });
  console.type('jl');
  await console.waitFor('Log of events');
  const cut = await console.waitFor('line 59 xxx');
  expect(cut).toContain('…');
  expect(cut).toContain('following');
  console.type('w');
  await console.waitFor('wrapped');
  console.type('/line 7\r');
  await console.waitFor('searched: line 7');
  await console.waitFor(/line 7 xxx/);
  console.type('n');
  console.type('F');
  await console.waitFor('line 59');
  console.type('v');
  await console.waitFor('no pager here');
  console.type('g');
  await console.waitFor('line 0 xxx');
  console.type('\u001b');
  await console.waitFor('2 Lanes');
});

test('a log that cannot be read says so', async () => {
  const console = await consoleOnScreen();
  console.type('jl');
  await console.waitFor('the log cannot be read now');
});

test('a followed log grows with every tick; one that is not followed stays where it is until F or G', async () => {
  let text = numbered(60);
  const console = await onLog(() => text);
  await console.waitFor('line 59 of it');
  text += 'one more\n';
  console.pass(500);
  await console.waitFor('one more');
  console.type('F');
  await console.waitFor('not following');
  text += 'unseen\n';
  console.pass(1000);
  console.type('k');
  const still = await console.waitFor(/\n│ line 42 of it/);
  expect(still).not.toContain('unseen');
  console.type('g');
  await console.waitFor('line 0 of it');
  console.type('G');
  await console.waitFor(' following');
  console.pass(500);
  await console.waitFor('unseen');
});

test('j k, the arrows and the pages scroll a log row by row, and stop at its ends', async () => {
  const console = await onLog(() => numbered(60));
  await console.waitFor('line 59 of it');
  const top = async (line: number): Promise<string> =>
    console.waitFor(new RegExp(`Log of events.*\\n│ line ${line} of it`));
  await top(42);
  console.type('k');
  await top(41);
  console.type('\u001b[A');
  await top(40);
  console.type('\u001b[B');
  await top(41);
  console.type('j');
  await top(42);
  console.type('j');
  await top(42);
  console.type('\u001b[5~');
  await top(30);
  console.type('\u001b[6~');
  await top(42);
  console.type('\u001b[H');
  await top(0);
  console.type('k');
  await top(0);
  console.type('\u001b[F');
  await top(42);
});

test('a new attempt has its own log, however long it is', async () => {
  let attempt = 1;
  let text = 'the first attempt\n';
  const console = await consoleOnScreen({
    log: (from) => ({from: Math.max(0, from), text: text.slice(Math.max(0, from)), end: text.length, attempt}),
  });
  console.type('jl');
  await console.waitFor('the first attempt');
  attempt = 2;
  text = 'the second attempt has said more\nthan the first\n';
  console.pass(500);
  const screen = await console.waitFor('the second attempt has said more');
  expect(screen).not.toContain('the first attempt');
  expect(screen).toContain('attempt 2');
});

test('bytes that are no UTF-8, and characters in two pieces, lose nothing of what comes after them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lh-log-'));
  const path = join(folder, 'log');
  writeFileSync(
    path,
    Buffer.concat([Buffer.from('Latin-1: '), Buffer.alloc(20, 0xfc), Buffer.from('\nhalf: \u00fc').subarray(0, -1)]),
  );
  const pieces = new Map<number, Awaited<ReturnType<typeof readLogPiece>>>();
  const read = async (from: number): Promise<void> => void pieces.set(from, await readLogPiece(path, from));
  await read(-64 * 1024);
  const console = await consoleOnScreen({log: (from) => pieces.get(from) ?? null});
  console.type('jl');
  await console.waitFor('Latin-1');
  const end = [...pieces.values()][0]?.end ?? 0;
  appendFileSync(
    path,
    Buffer.concat([Buffer.from('\u00fc').subarray(1), Buffer.from('\nERROR: the important line\n')]),
  );
  await read(end);
  console.pass(500);
  const screen = await console.waitFor('ERROR: the important line');
  expect(screen).toContain('half: \u00fc');
  rmSync(folder, {recursive: true});
});

test('what was read stays when the log cannot be read any more, and it says so', async () => {
  let connected = true;
  const console = await consoleOnScreen({
    log: (from) => (connected ? {from: 0, text: from < 0 ? 'kept\n' : '', end: 5} : null),
  });
  console.type('jl');
  await console.waitFor('kept');
  connected = false;
  console.pass(500);
  expect(await console.waitFor('NOT READ ANY MORE: no connection')).toContain('kept');
});

test('a unit of the queue has no log yet', async () => {
  const console = await consoleOnScreen({log: () => 'not started'});
  console.type('jl');
  await console.waitFor('the unit has not started yet');
});

test('only the last part of a very long log is kept, and copied without control characters', async () => {
  let text = `the very first line\n${'filler of some length to make it long\n'.repeat(1700)}`;
  const console = await onLog(() => text);
  for (let piece = 0; piece < 4; piece += 1) {
    text += 'filler of some length to make it long\n'.repeat(1700);
    console.pass(500);
    await console.waitFor(' following');
  }
  text += 'rm -rf ~ \u001b[201~\n';
  console.pass(500);
  await console.waitFor('rm -rf');
  console.type('y');
  await console.waitFor('copied');
  const copied = console.copied();
  expect(copied).toContain('rm -rf ~ \\x1b[201~');
  expect(copied).not.toContain('\u001b');
  expect(copied).not.toContain('the very first line');
  expect(copied.length).toBeGreaterThan(200_000);
  expect(copied.length).toBeLessThan(300_000);
});

test('a pager that cannot be started says what to do instead', async () => {
  const console = await consoleOnScreen({
    log: () => ({from: 0, text: 'x\n', end: 2}),
    outside: {writeReport: null, showLog: failing},
  });
  console.type('jl');
  await console.waitFor('Log of events');
  console.type('v');
  await console.waitFor(/less cannot show it.*longhaul logs 01-events/);
});

test('over a log ? opens the help, ctrl-l paints anew, q leaves', async () => {
  const console = await onLog(() => numbered(5));
  console.type('?');
  await console.waitFor('Keys');
  console.type('\u001b');
  await console.waitFor('Log of events');
  const before = console.written().length;
  console.type('\u000c');
  await console.waitFor('Log of events');
  expect(console.written().slice(before)).toContain('\u001b[J');
  console.type('q');
  await console.left;
});

test('a match far into a long wrapped line is on screen', async () => {
  const console = await onLog(() => `${numbered(30)}${'x'.repeat(4040)} needle\n${numbered(30)}`);
  console.type('w');
  await console.waitFor('wrapped');
  console.type('/needle\r');
  await console.waitFor(/not following.*\n│ x+ needle/);
});

test('the last part of a log begins with a whole line, and a search says that there is more', async () => {
  const all = `${'\u00fc'.repeat(40_000)} the end of the first\n${numbered(3)}`;
  const bytes = Buffer.from(all);
  const console = await consoleOnScreen({
    log: (from) => {
      const start = from < 0 ? bytes.length + from : from;
      return {from: start, text: bytes.subarray(start).toString('utf8'), end: bytes.length};
    },
  });
  console.type('jl');
  await console.waitFor('line 2 of it');
  console.type('g');
  const screen = await console.waitFor(/\n│ line 0 of it/);
  expect(screen).not.toContain('the end of the first');
  console.type('/nowhere\r');
  await console.waitFor('no line has nowhere in this last part: v shows the whole log');
});

import {appendFileSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {logPrinter} from '../../../src/cli/run/print-log.ts';

describe('a lane’s log', () => {
  let folder = '';
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lh-log-'));
    lines.length = 0;
  });
  afterEach(() => rmSync(folder, {recursive: true, force: true}));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

  test('has the time of each line, and of what the lane wrote at its end', async () => {
    write('log', 'COPY "a"."b" FROM stdin;\nCOPY 3\npg_dump: warning: x\nERROR:  57014: y\n');
    write('times', '1 1795000000\n2 1795000061\n3 1795000062\n');
    await logPrinter(folder, {rows: false, print}).more(true);
    expect(lines).toEqual([
      '2026-11-18T11:06:40Z COPY "a"."b" FROM stdin;',
      '2026-11-18T11:07:41Z COPY 3',
      '2026-11-18T11:07:42Z pg_dump: warning: x',
      '2026-11-18T11:07:42Z ERROR:  57014: y',
    ]);
  });

  test('of a lane of an older version has no times, and is printed all the same', async () => {
    write('log', 'BEGIN\n');
    await logPrinter(folder, {rows: false, print}).more(true);
    expect(lines).toEqual([`${' '.repeat(20)} BEGIN`]);
  });

  test('shows rows only when they are asked for', async () => {
    write('log', 'CONTEXT:  COPY t, line 3, column n: "secret"\n');
    await logPrinter(folder, {rows: false, print}).more(true);
    await logPrinter(folder, {rows: true, print}).more(true);
    expect(lines[0]).not.toContain('secret');
    expect(lines[1]).toContain('secret');
  });

  test('is followed line by line: half a line waits for its other half, or for the end', async () => {
    write('log', 'BEGIN\nCOPY "a');
    const log = logPrinter(folder, {rows: true, print});
    await log.more(false);
    expect(lines.map((line) => line.trim())).toEqual(['BEGIN']);
    appendFileSync(join(folder, 'log'), '"."b" FROM stdin;\nlast');
    await log.more(false);
    await log.more(true);
    expect(lines.map((line) => line.trim())).toEqual(['BEGIN', 'COPY "a"."b" FROM stdin;', 'last']);
  });

  test('longer than a piece is printed whole', async () => {
    const text = Array.from({length: 9000}, (_, i) => `line ${i} ${'x'.repeat(20)}`);
    write('log', `${text.join('\n')}\n`);
    await logPrinter(folder, {rows: true, print}).more(true);
    expect(lines.map((line) => line.trim())).toEqual(text);
  });

  test('cannot move the cursor of a terminal', async () => {
    write('log', 'COPY "\u001b[31m" FROM stdin;\n');
    await logPrinter(folder, {rows: true, print}).more(true);
    expect(lines[0]).toContain(String.raw`\x1b[31m`);
  });
});

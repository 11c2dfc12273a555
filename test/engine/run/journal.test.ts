import {appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {openJournal, readJournal} from '../../../src/engine/run/journal.ts';

const started = (step: 'preflight' | 'inventory' | 'plan-slots'): RunEvent => ({type: 'step.started', step});

describe('the journal', () => {
  let folder: string;
  let path: string;
  const open = async () => openJournal(path, () => 0);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lh-journal-'));
    path = join(folder, 'journal.jsonl');
  });
  beforeEach(() => rmSync(path, {force: true}));
  afterAll(() => rmSync(folder, {recursive: true, force: true}));

  test('is one event a line, numbered, of this user alone; without a file it is empty', async () => {
    expect(await readJournal(path)).toEqual([]);
    const journal = await open();
    await Promise.all([journal.append(started('preflight')), journal.append(started('inventory'))]);
    await journal.close();
    expect(readFileSync(path, 'utf8')).toBe(
      '{"seq":1,"at":"1970-01-01T00:00:00.000Z","type":"step.started","step":"preflight"}\n' +
        '{"seq":2,"at":"1970-01-01T00:00:00.000Z","type":"step.started","step":"inventory"}\n',
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test.each([
    '{"seq":2,"at":"19',
    '{"seq":2,"at":"1970-01-01T00:00:00.000Z","type":"step.started","step":"inventory"}',
  ])('a last line that a crash has torn is passed over, and cut off before the next event: %s', async (torn) => {
    const first = await open();
    await first.append(started('preflight'));
    await first.close();
    appendFileSync(path, torn);
    expect((await readJournal(path)).map(({seq}) => seq)).toEqual([1]);
    const again = await open();
    expect(again.replayed.map(({seq}) => seq)).toEqual([1]);
    expect((await again.append(started('plan-slots'))).seq).toBe(2);
    await again.close();
    expect((await readJournal(path)).at(-1)).toMatchObject({seq: 2, step: 'plan-slots'});
  });

  test.each([
    ['changed', 'x\n{"seq":2,"at":"","type":"a"}\n', 'line 1 is not the event number 1'],
    ['with a line gone', '{"seq":1,"at":"","type":"a"}\n{"seq":3,"at":"","type":"a"}\n', 'line 2 is not the event'],
  ])('a file that was %s is refused with its line', async (_, text, words) => {
    writeFileSync(path, text);
    await expect(readJournal(path)).rejects.toThrow(words);
    await expect(open()).rejects.toThrow(words);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

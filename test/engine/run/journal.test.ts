import {appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {exitCodeOf} from '../../../src/domain/base/longhaul-error.ts';
import {openJournal, readJournal} from '../../../src/engine/run/journal.ts';

const started = (step: 'preflight' | 'inventory' | 'plan-slots'): RunEvent => ({type: 'step.started', step});

const WRITER = {now: () => 0, steady: () => 0, version: '0.1.0'};
const HEADER = '{"journal":"longhaul","format":1,"writer":"0.1.0","oldestReader":1}\n';
const lineOf = (seq: number, rest: object): string => `${JSON.stringify({seq, at: '2026-11-24T00:00:00Z', ...rest})}\n`;

describe('the journal', () => {
  let folder: string;
  let path: string;
  const open = async () => openJournal(path, WRITER);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lh-journal-'));
    path = join(folder, 'journal.jsonl');
  });
  beforeEach(() => rmSync(path, {force: true}));
  afterAll(() => rmSync(folder, {recursive: true, force: true}));

  test('is a header and one event a line, numbered, of this user alone; without a file it is empty', async () => {
    expect(await readJournal(path)).toEqual([]);
    const journal = await open();
    await Promise.all([journal.append(started('preflight')), journal.append(started('inventory'))]);
    await journal.close();
    expect(readFileSync(path, 'utf8')).toBe(
      HEADER +
        '{"seq":1,"at":"1970-01-01T00:00:00.000Z","type":"step.started","step":"preflight"}\n' +
        '{"seq":2,"at":"1970-01-01T00:00:00.001Z","type":"step.started","step":"inventory"}\n',
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
    ['changed', 'x\n{"seq":2,"at":"","type":"run.done"}\n', 'line 1 is not the event number 1'],
    ['robbed of a time', '{"seq":1,"type":"run.done"}\n', 'line 1 is not the event number 1'],
    [
      'with a line gone',
      '{"seq":1,"at":"","type":"run.done"}\n{"seq":3,"at":"","type":"run.done"}\n',
      'line 2 is not the event',
    ],
  ])('a file that was %s is refused with its line', async (_, text, words) => {
    writeFileSync(path, text);
    await expect(readJournal(path)).rejects.toThrow(words);
    await expect(open()).rejects.toThrow(words);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('says before its first event who wrote it, and what it takes to read it; a header alone is a journal without events', async () => {
    writeFileSync(path, HEADER);
    expect(await readJournal(path)).toEqual([]);
    const journal = await open();
    await journal.append(started('preflight'));
    await journal.close();
    expect(
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"journal"')),
    ).toHaveLength(1);
    expect((await readJournal(path)).map(({seq}) => seq)).toEqual([1]);
  });

  test('a header that a crash has torn is written anew', async () => {
    writeFileSync(path, HEADER.slice(0, 30));
    const journal = await open();
    await journal.append(started('preflight'));
    await journal.close();
    expect(readFileSync(path, 'utf8')).toMatch(/^\{"journal":"longhaul",.*\}\n\{"seq":1,.*\}\n$/);
  });

  test('of format 0 has no header, and goes on without one', async () => {
    writeFileSync(path, lineOf(1, started('preflight')));
    const journal = await open();
    await journal.append(started('inventory'));
    await journal.close();
    expect(readFileSync(path, 'utf8')).not.toContain('"journal"');
    expect((await readJournal(path)).map(({seq}) => seq)).toEqual([1, 2]);
  });

  test('of a later format that this one still reads is read', async () => {
    writeFileSync(path, HEADER.replace('"format":1', '"format":2') + lineOf(1, started('preflight')));
    expect(await readJournal(path)).toHaveLength(1);
  });

  test.each([
    [
      'asks for a newer reader',
      '{"journal":"longhaul","format":3,"writer":"0.3.0","oldestReader":2}\n' + lineOf(1, started('preflight')),
      'line 1: longhaul 0.3.0 wrote this journal, in format 3, which takes a reader of format 2',
    ],
    [
      'has a header that nobody here understands',
      '{"journal":"longhaul","edition":"x","writer":"9.0.0"}\n' + lineOf(1, started('preflight')),
      'line 1: longhaul 9.0.0 wrote this journal',
    ],
    [
      'has an event that this version does not know',
      HEADER +
        lineOf(1, {type: 'run.started', run: 'acme', version: '0.2.0', steps: []}) +
        lineOf(2, {type: 'unit.moved', unit: 'a'}),
      'line 3 is an event of the type unit.moved, which this longhaul does not know; longhaul 0.2.0 wrote it',
    ],
    [
      'names a step that this version does not know',
      HEADER + lineOf(1, {type: 'run.started', run: 'acme', version: '0.2.0', steps: ['preflight', 'create-tunnel']}),
      'line 2 names the step create-tunnel, which this longhaul does not know; longhaul 0.2.0 wrote it',
    ],
    [
      'tells of a step that this version does not know',
      HEADER + lineOf(1, {type: 'step.started', step: 'create-tunnel'}),
      'line 2 names the step create-tunnel, which this longhaul does not know; longhaul 0.1.0 wrote it',
    ],
    [
      'has an event of a name that every object has',
      HEADER + lineOf(1, {type: 'toString'}),
      'line 2 is an event of the type toString, which this longhaul does not know; longhaul 0.1.0 wrote it',
    ],
    [
      'is of format 0 and was continued by a newer longhaul',
      lineOf(1, {type: 'run.started', run: 'acme', version: '0.2.0', steps: []}) + lineOf(2, {type: 'unit.moved'}),
      'line 2 is an event of the type unit.moved, which this longhaul does not know; longhaul 0.2.0 wrote it',
    ],
  ])(
    'that %s stops the command with a sentence and exit 2, and stays as it is to its torn end',
    async (_, text, words) => {
      const torn = `${text}{"seq":9,"at`;
      writeFileSync(path, torn);
      for (const attempt of [async () => readJournal(path), open]) {
        const error: unknown = await attempt().catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({code: 'version', message: expect.stringContaining(`${path} ${words}`)});
        expect(exitCodeOf(error)).toBe(2);
      }
      expect(readFileSync(path, 'utf8')).toBe(torn);
    },
  );

  test.each([
    [
      'a header that is not the first line',
      lineOf(1, started('preflight')) + HEADER,
      'line 2 is not the event number 2',
    ],
    [
      'an event behind the header with another number',
      HEADER + lineOf(2, started('preflight')),
      'line 2 is not the event number 1',
    ],
  ])('with %s was changed by somebody, and is refused', async (_, text, words) => {
    writeFileSync(path, text);
    await expect(readJournal(path)).rejects.toThrow(words);
  });

  const ended = (evidence: unknown, type = 'step.done') =>
    HEADER + lineOf(1, {type, step: 'add-tables', already: false, evidence, failure: {message: '', remedy: ''}});

  test.each([
    ['with every key', {afterTablesLsn: '0/500', clock: '2026-11-24T00:00:00Z', memberships: 3, insertOnly: []}],
    ['of an earlier version, without a key', {afterTablesLsn: '0/500'}],
    ['of a later version, with one that is not known', {afterTablesLsn: '0/500', forecast: {at: 1}}],
    ['of a step whose end is over', {served: 'the load at P is over'}],
  ])('gives the evidence of a step as it is: %s', async (_, evidence) => {
    for (const type of ['step.done', 'step.unfinished']) {
      writeFileSync(path, ended(evidence, type));
      expect(await readJournal(path)).toMatchObject([{evidence}]);
    }
  });

  test.each([
    ['another form', {afterTablesLsn: 5}, 'afterTablesLsn: is no LSN'],
    ['an LSN that is none', {afterTablesLsn: 'here'}, 'afterTablesLsn: is no LSN'],
    ['no object', 'done', 'expected object'],
  ])('with evidence that has %s is refused, for P is judged by it', async (_, evidence, words) => {
    for (const type of ['step.done', 'step.unfinished']) {
      writeFileSync(path, ended(evidence, type));
      await expect(readJournal(path)).rejects.toThrow(`${path} line 2: the evidence of add-tables is not valid: `);
      await expect(open()).rejects.toThrow(words);
    }
  });

  test('takes no evidence that it could not read again', async () => {
    const journal = await open();
    const wrong = {type: 'step.done', step: 'add-tables', already: false, evidence: {afterTablesLsn: 'here'}};
    await expect(journal.append(wrong as unknown as RunEvent)).rejects.toThrow(
      'bug: the evidence of add-tables is not valid',
    );
    expect((await journal.append(started('preflight'))).seq).toBe(1);
    await journal.close();
  });
});

import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {open} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {openJournal, readJournal, type OpenFile} from '../../../src/engine/run/journal.ts';
import {createRunFolder, runFolderAt, writeWhole} from '../../../src/engine/run/run-folder.ts';
import {openRunStore} from '../../../src/engine/run/run-store.ts';

const started = (step: 'preflight' | 'inventory' | 'plan-slots'): RunEvent => ({type: 'step.started', step});
const WRITER = {now: () => 0, steady: () => 0, version: '0.1.0'};
const full = (): Error => Object.assign(new Error('ENOSPC: no space left on device'), {code: 'ENOSPC'});

describe('what the journal says is on disk', () => {
  let folder: string;
  let path: string;
  /** What was asked of the file, in order. */
  let asked: string[];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lh-journal-'));
    path = join(folder, 'journal.jsonl');
  });
  beforeEach(() => {
    rmSync(path, {force: true});
    asked = [];
  });
  afterAll(() => rmSync(folder, {recursive: true, force: true}));

  /** The real file on a disk that does as it is told. */
  function disk(does: {datasync?: () => Promise<void>; appendFile?: (text: string) => string}): OpenFile {
    return async (at, flags, mode) => {
      const file = await open(at, flags, mode);
      return {
        appendFile: async (text) => {
          asked.push('append');
          await file.appendFile(
            typeof text === 'string' && does.appendFile !== undefined ? does.appendFile(text) : text,
          );
          if (does.appendFile !== undefined) throw full();
        },
        datasync: async () => {
          asked.push('sync');
          await does.datasync?.();
          await file.datasync();
        },
        truncate: async (length) => {
          asked.push('truncate');
          await file.truncate(length);
        },
        close: async () => file.close(),
      };
    };
  }

  test('an event is acknowledged only once the disk has it', async () => {
    const slow = Promise.withResolvers<void>();
    const journal = await openJournal(path, WRITER, disk({datasync: async () => slow.promise}));
    let acknowledged = false;
    const appended = journal.append(started('preflight')).then(() => (acknowledged = true));
    while (!asked.includes('sync')) await new Promise(setImmediate);
    expect(acknowledged).toBe(false);
    slow.resolve();
    await appended;
    expect(asked).toEqual(['append', 'sync']);
    await journal.close();
  });

  test('one event after the other: the second is not written while the first is not on disk', async () => {
    const journal = await openJournal(path, WRITER, disk({}));
    await Promise.all([journal.append(started('preflight')), journal.append(started('inventory'))]);
    await journal.close();
    expect(asked).toEqual(['append', 'sync', 'append', 'sync']);
  });

  test('a part of an event that a full disk took is taken back before the next, and its number is given again', async () => {
    let takes: number | null = null;
    const journal = await openJournal(path, WRITER, async (at, flags, mode) => {
      const [whole, torn] = [await disk({})(at, flags, mode), disk({appendFile: (text) => text.slice(0, takes ?? 0)})];
      const part = await torn(at, flags, mode);
      return {...whole, appendFile: async (text) => (takes === null ? whole : part).appendFile(text)};
    });
    await journal.append(started('preflight'));
    takes = 20;
    await expect(journal.append(started('inventory'))).rejects.toMatchObject({
      name: 'JournalError',
      remedy: expect.stringContaining('make room'),
    });
    takes = null;
    expect((await journal.append(started('plan-slots'))).seq).toBe(2);
    await journal.close();
    expect((await readJournal(path)).map((entry) => [entry.seq, 'step' in entry ? entry.step : ''])).toEqual([
      [1, 'preflight'],
      [2, 'plan-slots'],
    ]);
  });

  test('an event that could not be synced is none: the file ends before it once the journal is closed', async () => {
    let broken = false;
    const sync = async (): Promise<void> => {
      if (broken) throw full();
    };
    const journal = await openJournal(path, WRITER, disk({datasync: sync}));
    await journal.append(started('preflight'));
    broken = true;
    await expect(journal.append(started('inventory'))).rejects.toThrow('cannot be written');
    await journal.close();
    expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  test('the state never runs ahead of the disk, and nobody hears of what is not on it', async () => {
    const store = await openRunStore(path, WRITER);
    const heard: number[] = [];
    store.subscribe((entry) => {
      heard.push(entry.seq);
      expect(readFileSync(path, 'utf8')).toContain(`"seq":${entry.seq},`);
    });
    await store.record({type: 'objects.claimed', objects: ['slot dms_slot_01']});
    expect(store.state().claimed).toEqual(['slot dms_slot_01']);
    expect(heard).toEqual([1]);
    await store.close();
    await expect(store.record({type: 'objects.claimed', objects: ['slot dms_slot_02']})).rejects.toThrow(
      'cannot be written',
    );
    expect(store.state().claimed).toEqual(['slot dms_slot_01']);
    expect(heard).toEqual([1]);
  });

  test('a journal that is there and cannot be read is no empty one', async () => {
    await expect(readJournal(folder)).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('cannot be read'),
    });
  });

  test('a new plan is on disk before it takes the old one’s place, and the place is on disk before it counts', async () => {
    const order: string[] = [];
    const plan = join(folder, 'plan.yaml');
    await writeWhole(plan, 'old\n');
    await writeWhole(plan, 'new\n', async (at, flags, mode) => {
      const file = await open(at, flags, mode);
      return {
        writeFile: async (text) => file.writeFile(text),
        sync: async () => {
          order.push(
            `${at === folder ? 'the folder' : 'the text'} while the plan is ${readFileSync(plan, 'utf8').trim()}`,
          );
          await file.sync();
        },
        close: async () => file.close(),
      };
    });
    expect(order).toEqual(['the text while the plan is old', 'the folder while the plan is new']);
  });

  test('whatever the umask, others read neither journal nor plan nor run folder', async () => {
    const before = process.umask(0);
    try {
      const run = runFolderAt(join(folder, 'run'));
      await createRunFolder(run);
      await writeWhole(run.plan, 'x\n');
      const journal = await openJournal(run.journal, WRITER);
      await journal.close();
      const modes = [run.path, run.lanes, run.plan, run.journal].map((one) => (statSync(one).mode & 0o777).toString(8));
      expect(modes).toEqual(['700', '700', '600', '600']);
    } finally {
      process.umask(before);
    }
  });
});

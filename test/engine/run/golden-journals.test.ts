import {cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest';
import {describeState} from '../../../src/cli/commands/inspect/status.ts';
import {main} from '../../../src/cli/main.ts';
import type {JournalEntry} from '../../../src/domain/run/event.ts';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import {loadConfig} from '../../../src/config/load.ts';
import {readPlan} from '../../../src/engine/plan/plan-file.ts';
import {openJournal, readJournal} from '../../../src/engine/run/journal.ts';
import {runFolderAt} from '../../../src/engine/run/run-folder.ts';
import {formatReport} from '../../../src/report/format-report.ts';
import {reportOf} from '../../../src/report/report-data.ts';

const GOLDEN = join(import.meta.dirname, '../../golden');
const FORMATS = globSync('format-*', {cwd: GOLDEN}).toSorted();
const WRITER = {now: () => 0, steady: () => 0, version: '0.1.0'};
const SERVERS = {source: 'db1:5432/app as lh', replica: 'db3:5432/app as lh', target: 'rds:5432/app as lh'};
const YAML = `run: rehearsal
run_directory: run
source: host=127.0.0.1 port=1
replica: host=127.0.0.1 port=1
target: host=127.0.0.1 port=1
`;

/** Moments of the run, by the first event after them. */
const MOMENTS: Readonly<Record<string, (entry: JournalEntry, before: readonly JournalEntry[]) => boolean>> = {
  // The supervisor was killed while the load went on.
  load: ({type}, before) => type === 'supervisor.started' && before.some((entry) => entry.type === 'unit.retried'),
  lost: (_, before) => before.some(({type}) => type === 'boundary.disproved') && before.at(-1)?.type === 'alarm.raised',
  captured: (_, before) => before.at(-1)?.type === 'cdc.started',
};

function until(journal: readonly JournalEntry[], moment: string): readonly JournalEntry[] {
  const end = journal.findIndex((entry, index) => MOMENTS[moment]?.(entry, journal.slice(0, index)));
  expect(end).toBeGreaterThan(0);
  return journal.slice(0, end);
}

// Made by real runs (test/golden/take.ts). A line of a journal in here is never changed: a run that was begun with it has to go on.
describe.each(FORMATS)('a run folder of %s', (format) => {
  let folder: string;
  let path: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lh-golden-'));
    cpSync(join(GOLDEN, format), join(folder, 'run'), {recursive: true});
    path = join(folder, 'run', 'journal.jsonl');
    writeFileSync(join(folder, 'longhaul.yaml'), YAML);
  });
  afterAll(() => rmSync(folder, {recursive: true, force: true}));

  test.each(Object.keys(MOMENTS))('comes to the same state and status at the moment: %s', async (moment) => {
    const journal = until(await readJournal(path), moment);
    const at = journal.at(-1)?.at ?? '';
    const state = reduceAll(journal);
    const kept = (name: string): string => join(GOLDEN, format, 'reads-as', `${moment}.${name}`);
    await expect(`${JSON.stringify(state, null, 1)}\n`).toMatchFileSnapshot(kept('state.json'));
    const status = describeState(state, {alive: false, readings: []}, Date.parse(at));
    await expect(`${status.join('\n')}\n`).toMatchFileSnapshot(kept('status.txt'));
  });

  test('is told by the same report', async () => {
    const journal = until(await readJournal(path), 'captured');
    const report = formatReport(reportOf(journal, {at: journal.at(-1)?.at ?? '', servers: SERVERS, readings: []}));
    await expect(report).toMatchFileSnapshot(join(GOLDEN, format, 'reads-as', 'captured.report.md'));
  });

  test('has the plan that its load went by', async () => {
    const config = await loadConfig(join(folder, 'longhaul.yaml'), {});
    const {units} = await readPlan({config, folder: runFolderAt(join(folder, 'run'))});
    const loaded = reduceAll(until(await readJournal(path), 'load')).units;
    expect(units.map(({id}) => id)).toEqual(loaded.map(({id}) => id));
  });

  test('goes on where it was: the next event has the next number, and nothing before it has changed', async () => {
    const text = readFileSync(path, 'utf8');
    const before = await readJournal(path);
    const journal = await openJournal(path, WRITER);
    const {seq} = await journal.append({type: 'supervisor.stopped', reason: 'shutdown'});
    await journal.close();
    expect(seq).toBe(before.length + 1);
    expect(readFileSync(path, 'utf8').startsWith(text)).toBe(true);
    expect(await readJournal(path)).toHaveLength(seq);
  });

  test('that a newer longhaul went on with stops every command with exit 2 and one sentence', async () => {
    const line = {seq: (await readJournal(path)).length + 1, at: '2026-11-26T00:00:00Z', type: 'unit.moved'};
    writeFileSync(path, `${readFileSync(path, 'utf8')}${JSON.stringify(line)}\n`);
    const text = readFileSync(path, 'utf8');
    const said: string[] = [];
    vi.spyOn(console, 'error').mockImplementation((words) => said.push(String(words)));
    for (const command of [['status'], ['report'], ['run', '--detach'], ['plan'], ['accept'], ['abort'], ['release']]) {
      said.length = 0;
      await main(['node', 'longhaul', '--config', join(folder, 'longhaul.yaml'), ...command], {HOME: folder});
      expect([command, process.exitCode]).toEqual([command, 2]);
      expect(said.join('\n')).toContain('is an event of the type unit.moved, which this longhaul does not know');
    }
    process.exitCode = undefined;
    vi.restoreAllMocks();
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

test('every format that was ever written has its golden folder', () => {
  expect(FORMATS.map((name) => basename(name))).toEqual(['format-0', 'format-1']);
});

import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {archiveFiles} from '../../src/cli/commands/inspect/archive.ts';
import {parseConfig} from '../../src/config/load.ts';
import type {RunEvent} from '../../src/domain/run/event.ts';
import {parseLsn} from '../../src/domain/pg/lsn.ts';
import {runFolderAt} from '../../src/engine/run/run-folder.ts';

const FACTS = {at: '2026-11-27T05:00:00.000Z', servers: {source: 'a', replica: 'b', target: 'c'}, readings: []};
const PLANTED = ['pw-4711', 'token-4713', 'bob@4721', 'ann-4722', 'anna-4723'];

/** What quotes a row, wherever a journal may. */
const EVENTS: readonly RunEvent[] = [
  {type: 'run.started', run: 'acme', version: '1', steps: ['add-tables', 'compare-rows']},
  {
    type: 'cdc.skipping',
    slot: 'lh_01',
    by: 'ana',
    xid: '7',
    commitLsn: parseLsn('0/7'),
    endLsn: parseLsn('0/8'),
    tables: [],
    changes: ['INSERT public.users (email bob@4721)'],
  },
  {
    type: 'step.done',
    step: 'add-tables',
    evidence: {afterTablesLsn: parseLsn('0/42'), memberships: 3, insertOnly: []},
    already: false,
  },
  {
    type: 'table.compared',
    table: {schema: 'public', name: 'users'},
    replicaRows: 2,
    targetRows: 2,
    monthsThatDiffer: [],
    months: 0,
    how: 'rows',
    rowsThatDiffer: {
      total: 1,
      atLeast: false,
      why: null,
      first: [
        {
          kind: 'changed',
          key: [{column: 'email', value: 'bob@4721'}],
          replicaPlace: '(0,1)',
          targetPlace: '(0,2)',
          columns: [{column: 'name', replica: 'ann-4722', target: 'anna-4723'}],
        },
      ],
    },
  },
  {
    type: 'step.failed',
    step: 'compare-rows',
    failure: {
      message: 'host=a password=pw-4711: Key (email)=(bob@4721) already exists',
      remedy: '',
      unreachable: false,
    },
  },
];

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'lh-archive-'));
});
afterEach(() => rmSync(path, {recursive: true, force: true}));

function runAt() {
  const text = `run: acme\nsource: host=a\nreplica: host=b\ntarget: host=c\nalarms: {command: [page, --key, token-4713]}\n`;
  const world = {
    env: {PGPASSWORD: 'pw-4711'},
    home: path,
    user: 'ana',
    readFile: () => null,
    isOpenToOthers: () => false,
  };
  const config = {...parseConfig(text, join(path, 'longhaul.yaml'), world), runDirectory: path};
  return {configPath: join(path, 'longhaul.yaml'), config, folder: runFolderAt(path)};
}

async function archived(): Promise<ReadonlyMap<string, string>> {
  const entries = EVENTS.map((event, index) => JSON.stringify({seq: index + 1, at: FACTS.at, ...event}));
  writeFileSync(join(path, 'journal.jsonl'), `${entries.join('\n')}\n{"torn`);
  writeFileSync(join(path, 'plan.yaml'), 'lanes: 6 # password=pw-4711\n');
  return new Map((await archiveFiles(runAt(), FACTS)).map((file) => [file.path, file.content.toString('utf8')]));
}

test('the archive of a run has its report, journal, plan and what every step came to', async () => {
  const files = await archived();
  expect([...files.keys()]).toEqual([
    'about.txt',
    'report.md',
    'report.json',
    'evidence/add-tables.json',
    'report.html',
    'journal.jsonl',
    'plan.yaml',
    'config.json',
  ]);
  expect(JSON.parse(files.get('evidence/add-tables.json') ?? '')).toMatchObject({afterTablesLsn: '0/42'});
  expect(files.get('report.md')).toContain('# Longhaul run acme');
  expect(files.get('report.md')).toContain('public.users');
});

test('no file of it has a password, an argument of a command or a value of a row, and what differs is told all the same', async () => {
  const files = await archived();
  const all = [...files.values()].join('\n');
  for (const planted of PLANTED) expect(all).not.toContain(planted);
  expect(files.get('journal.jsonl')).toContain('"columns":[{"column":"name","replica":null,"target":null}]');
  expect(files.get('report.md')).toContain('1 row differs');
});

test('a run that has not begun has nothing to keep, and says what begins it', async () => {
  await expect(archiveFiles(runAt(), FACTS)).rejects.toMatchObject({
    code: 'usage',
    remedy: 'longhaul run begins the run',
  });
});

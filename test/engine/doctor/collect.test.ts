import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {Config} from '../../../src/config/config.ts';
import {parseConfig} from '../../../src/config/load.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {collect} from '../../../src/engine/doctor/collect.ts';
import {tarOf, type TarFile} from '../../../src/engine/doctor/tar.ts';
import {runFolderAt} from '../../../src/engine/run/run-folder.ts';

const SECRETS = ['pw-4711', 'dsn-4712', 'token-4713'];
const ROWS = ['bob@4721', 'Bob-4722', 'note-4723', 'raised-4724', 'last-4725', '4726'];

const YAML = `run: acme
source: host=a
replica: host=b
target: host=c
cdc: {node_dsn: host=a}
disks: {source: {command: [curl, 'https://disks/token-4713']}}
alarms: {command: [page, --key, token-4713]}
`;

const FAILED = {
  cause: 'consumer',
  message: 'raised-4724 is no customer',
  table: null,
  sqlstate: 'P0001',
  remedy: 'see the log',
  heals: false,
} as const;
const DIFFERENCE = {
  object: 'index public.users_email',
  differs: 'is not there',
  why: 'could not create unique index "users_email": Key (email)=(bob@4721) is duplicated; bob-4726 said a function',
  query: 'SELECT email FROM public.users',
  remedy: 'mend it',
};

/** What a run leaves behind that went wrong in every way that shows a row. */
const EVENTS: readonly RunEvent[] = [
  {type: 'differences.found', step: 'build-indexes', differences: [DIFFERENCE]},
  {
    type: 'step.failed',
    step: 'build-indexes',
    failure: {message: `1 difference: ${DIFFERENCE.object}: ${DIFFERENCE.why}`, remedy: 'mend it', unreachable: false},
  },
  {type: 'unit.failed', unit: '01-users', attempt: 1, failure: FAILED, retryAt: null},
  {type: 'run.stopped', reason: `01-users: ${FAILED.message}`},
  {
    type: 'step.failed',
    step: 'create-node',
    failure: {
      message: "source: no (SQLSTATE 42501), in: SELECT create_node('n', 'host=a password=dsn-4712')",
      remedy: '',
      unreachable: false,
    },
  },
];

describe('the pack for a bug report', () => {
  let path: string;
  let config: Config;
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'lh-doctor-'));
    config = {
      ...parseConfig(YAML, join(path, 'longhaul.yaml'), {
        env: {PGPASSWORD: 'pw-4711'},
        home: path,
        user: 'ana',
        readFile: () => null,
        isOpenToOthers: () => false,
      }),
      runDirectory: path,
    };
  });
  afterEach(() => rmSync(path, {recursive: true, force: true}));

  const put = (name: string, text: string): void => {
    mkdirSync(dirname(join(path, name)), {recursive: true});
    writeFileSync(join(path, name), text);
  };

  function leaveAll(): void {
    const entries = EVENTS.map((event, index) =>
      JSON.stringify({seq: index + 1, at: '2026-01-01T00:00:00.000Z', ...event}),
    );
    put('journal.jsonl', `${entries.join('\n')}\n`);
    put(
      'readings.jsonl',
      `${JSON.stringify({probe: 'lanes', units: [{unit: '01-users', lastLine: '7\tlast-4725'}]})}\n`,
    );
    put('plan.yaml', 'lanes: 6\n# password=pw-4711\n');
    put('supervisor.log', 'ERROR:  23505: bob@4721\nconnecting with pw-4711\n');
    put('trace.jsonl', '{"trace":"sql","sql":"SELECT 1"}\n');
    put('lanes/01-users.1/cmd', 'pg_dump -d host=a | psql -d host=c\n');
    put('lanes/01-users.1/exit', '0 3\n');
    const log = `COPY "public"."users" ("id") FROM stdin;
psql:<stdin>:31: ERROR:  23514: new row for relation "users" violates check constraint "c"
DETAIL:  Failing row contains (1, Bob-4722).
CONTEXT:  COPY users, line 3: "1	Bob-4722
note-4723"
LOCATION:  ExecConstraints, execMain.c:2022
`;
    put('lanes/01-users.1/log', log);
    put('lanes/01-users.1/load.log', log);
  }

  async function packed(): Promise<{files: TarFile[]; all: string}> {
    const files = await collect({config, folder: runFolderAt(path), now: () => 0, more: {'check.json': 'pw-4711\n'}});
    return {files, all: files.map(({content}) => content.toString('utf8')).join('\n')};
  }

  test('has no password, no argument of a command and no row, wherever they were', async () => {
    leaveAll();
    const {all} = await packed();
    for (const planted of [...SECRETS, ...ROWS]) expect(all).not.toContain(planted);
  });

  test('has what happened, with the SQLSTATEs and what was done about it', async () => {
    leaveAll();
    const {files, all} = await packed();
    const paths = files.map(({path: name}) => name);
    expect(paths).toEqual(
      expect.arrayContaining([
        'machine.json',
        'config.json',
        'plan.yaml',
        'journal.jsonl',
        'readings.jsonl',
        'trace.jsonl',
      ]),
    );
    expect(paths).toContain('lanes/01-users.1/load.log');
    for (const known of [
      'index public.users_email',
      'is not there',
      'P0001',
      '23514',
      '"lanes":6',
      'supervisor.log',
      'execMain.c:2022',
    ])
      expect(all.replaceAll('": ', '":')).toContain(known);
  });

  test('of a folder that holds nothing yet is made as well', async () => {
    const {files} = await packed();
    expect(files.map(({path: name}) => name)).toEqual([
      'about.txt',
      'machine.json',
      'config.json',
      'run-folder.txt',
      'check.json',
    ]);
  });

  test('is a tar that tar reads, however long the name of a unit is', async () => {
    leaveAll();
    put(`lanes/02-${'long'.repeat(30)}.11/exit`, '0 0\n');
    const {files} = await packed();
    const file = join(path, 'pack.tar');
    writeFileSync(file, tarOf(files, Date.now()));
    mkdirSync(join(path, 'out'));
    execFileSync('tar', ['xf', file, '-C', join(path, 'out')]);
    for (const {path: name, content} of files) expect(readFileSync(join(path, 'out', name))).toEqual(content);
  });
});

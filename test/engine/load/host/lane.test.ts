import {execFile} from 'node:child_process';
import {appendFile, chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {fenceLine, type Boundary} from '../../../../src/domain/pg/boundary.ts';
import {parseLsn} from '../../../../src/domain/pg/lsn.ts';
import {pipelineNamed} from '../../../../src/engine/load/pipeline/pipelines.ts';
import {laneFiles, type LanePlan} from '../../../../src/engine/load/pipeline/lane-files.ts';
import {readIdentity, writeLaneFolder} from '../../../../src/engine/load/host/lane-folder.ts';
import {createLocalHost} from '../../../../src/engine/load/host/local.ts';
import {markEnding, readRemains} from '../../../../src/engine/load/lane/remains.ts';
import {ALL_TABLES} from '../../plan/inventory.ts';
import type {Tool} from '../../../../src/engine/tools/tools.ts';

const HOST = createLocalHost({});
const LANE = join(import.meta.dirname, '../../../../libexec/lane.sh');

/** psql in the place of both sides: the fence's session answers from `answers` and runs what comes behind \!, the loading one keeps what it is sent. */
const PSQL = `#!/bin/sh
case " $* " in
  *" -f fence.sql "*)
    asked=0
    while IFS= read -r line; do
      case $line in
        'SELECT concat_ws'*) asked=$((asked + 1)); answer=$(sed -n "\${asked}p" answers)
          [ "$answer" != gone ] || { echo 'psql:fence.sql: server closed the connection unexpectedly' >&2; exit 2; }
          printf '%s\\n' "$answer" ;;
        'SELECT 1 / '*) [ "$answer" = "$(head -n 1 fence.expected)" ] || { echo 'ERROR:  22012: division by zero' >&2; exit 3; } ;;
        '\\! '*) sh -c "\${line#'\\! '}" ;;
      esac
    done < fence.sql ;;
  *" -f dump.sql "*)
    echo "$PGPASSWORD" > password.replica
    echo 'COPY t FROM stdin WITH (FORMAT binary);' >&8
    echo 'rows of the unit' >&8
    [ ! -e dump.dies ] || kill -9 $$
    [ -e sends.no.word ] || printf '\\\\set sent 12\\n' 1<> sent
    exit "$(cat dump.status.wanted)" ;;
  *" -f token "*)
    cat > received; cat sent token >> received; exit "$(cat load.status)" ;;
  *) cat > received; echo "$PGPASSWORD" > password.target; exit "$(cat load.status)" ;;
esac
`;
const PG_DUMP = `#!/bin/sh
echo "$PGPASSWORD" > password.replica
echo 'rows of the unit'
[ ! -e dump.dies ] || kill -9 $$
echo 'pg_dump: a word' >&2
exit "$(cat dump.status.wanted)"
`;

const boundary: Boundary = {
  lsn: parseLsn('35FE3/B63D4718'),
  postmasterStart: '2026-11-26 10:00:00.123456',
  timeline: 1,
  systemIdentifier: '7',
  capturedAt: '',
};
const AT_P = fenceLine(boundary);
const COMMITTED = /rows of the unit\n[^]*UPDATE longhaul\.load_unit SET committed_at[^]*COMMIT;/;

async function received(folder: string): Promise<string> {
  return readFile(join(folder, 'received'), 'utf8').catch(() => '');
}

describe('a lane, with stubs in the place of psql and pg_dump', () => {
  let tools: string;
  let plan: LanePlan;
  let lanes = 0;

  beforeAll(async () => {
    tools = await mkdtemp(join(tmpdir(), 'longhaul-lane-'));
    for (const [name, text] of [
      ['psql', PSQL],
      ['pg_dump', PG_DUMP],
    ] as const) {
      await writeFile(join(tools, name), text);
      await chmod(join(tools, name), 0o755);
    }
    const tool = (name: string): Tool => ({path: join(tools, name), version: 150000});
    plan = {
      unit: {id: '01-t', kind: 'table', tables: [{schema: 'public', name: 't'}], bytes: 1},
      all: [],
      wanted: ALL_TABLES,
      entry: {run: 'r', boundary: boundary.lsn, unit: '01-t', attempt: 1, tables: ['"public"."t"']},
      boundary,
      pipeline: pipelineNamed('pg_dump'),
      replicaVersion: 150000,
      columns: [],
      freeze: false,
      targetVersion: 150000,
      frame: {before: '', after: ''},
      tools: {pgDump: tool('pg_dump'), pgRestore: tool('pg_restore'), psql: tool('psql')},
      replica: 'host=replica',
      target: 'host=target',
    };
  });
  afterAll(async () => rm(tools, {recursive: true}));

  /** Runs a lane whose fence answers so, before the dump and after it. */
  async function runLane(
    answers: readonly string[],
    change: {
      readonly plan?: Partial<LanePlan>;
      readonly dumpExit?: number;
      readonly loadExit?: number;
      readonly files?: Record<string, string>;
      readonly arrange?: (folder: string) => Promise<void>;
    } = {},
  ): Promise<string> {
    lanes += 1;
    const folder = join(tools, `lane-${lanes}`);
    await writeLaneFolder(folder, {
      ...laneFiles({...plan, ...change.plan}),
      answers: `${answers.join('\n')}\n`,
      'dump.status.wanted': String(change.dumpExit ?? 0),
      'load.status': String(change.loadExit ?? 0),
      ...change.files,
    });
    await change.arrange?.(folder);
    await new Promise((resolve) => {
      const env = {PATH: process.env['PATH'], LONGHAUL_REPLICA_PASSWORD: 'in', LONGHAUL_TARGET_PASSWORD: 'out'};
      execFile('/bin/sh', [LANE, folder], {env, cwd: folder}, resolve);
    });
    return folder;
  }

  test('a dump that ended well, at P before it and after it, commits', async () => {
    const folder = await runLane([AT_P, AT_P]);
    const text = await received(folder);
    expect(text).toMatch(COMMITTED);
    expect(text.indexOf('BEGIN;')).toBeLessThan(text.indexOf('rows of the unit'));
    expect(await readRemains(HOST, folder)).toMatchObject({
      dumpExit: 0,
      loadExit: 0,
      fenceSeen: {before: AT_P, after: AT_P},
      fenceExpected: AT_P,
    });
  });

  test.each([
    ['before it somewhere else', [AT_P.replace('4718', '4000'), AT_P]],
    ['before it not paused', [AT_P.replace('t t', 't f'), AT_P]],
  ])('at P after the dump, but %s: not a row is sent', async (_, answers) => {
    const text = await received(await runLane(answers));
    expect(text).toContain('BEGIN;');
    expect(text).not.toContain('rows of the unit');
    expect(text).not.toContain('COMMIT;');
  });

  test.each([
    ['has moved', AT_P.replace('4718', '4720')],
    ['was promoted', AT_P.replace('t t', 'f f')],
    ['is not paused any more', AT_P.replace('t t', 't f')],
    ['was restarted', AT_P.replace('10:00', '10:01')],
    ['ended the session, as its crash recovery does', 'gone'],
    ['says nothing', ''],
  ])('a replica that %s after the dump: no commit', async (_, after) => {
    const folder = await runLane([AT_P, after]);
    const text = await received(folder);
    expect(text).toContain('rows of the unit');
    expect(text).not.toContain('COMMIT;');
    expect((await readRemains(HOST, folder)).fenceSeen.before).toBe(AT_P);
  });

  test('a replica that cannot be reached: not a row is sent, and its words are kept', async () => {
    const folder = await runLane(['gone']);
    expect(await received(folder)).not.toContain('rows of the unit');
    expect(await readRemains(HOST, folder)).toMatchObject({
      dumpExit: null,
      fenceSeen: {before: null, after: null},
      fenceLog: expect.stringContaining('server closed the connection'),
    });
  });

  test('a dump that failed: no commit, and its status and words are kept', async () => {
    const folder = await runLane([AT_P, AT_P], {dumpExit: 1});
    expect(await received(folder)).not.toContain('COMMIT;');
    expect(await readRemains(HOST, folder)).toMatchObject({dumpExit: 1, dumpLog: 'pg_dump: a word\n'});
    expect(await readFile(join(folder, 'log'), 'utf8')).toContain('pg_dump: a word');
    const times = (await readFile(join(folder, 'times'), 'utf8')).trim().split('\n');
    expect(times.map((line) => line.split(' ')[0])).toEqual(times.map((_, index) => String(index + 1)));
    const ended = Number(times.at(-1)?.split(' ')[1]) * 1000;
    expect(Math.abs(Date.now() - ended)).toBeLessThan(60_000);
  });

  describe('by binary COPY, behind whose rows nothing can follow in the pipe', () => {
    const binary = {
      pipeline: pipelineNamed('binary'),
      columns: [{schema: 'public', name: 't', columns: ['id'], sequences: []}],
    };

    test('a dump that ended well, at P before it and after it, commits by what is read after the pipe', async () => {
      const text = await received(await runLane([AT_P, AT_P], {plan: binary}));
      expect(text).toMatch(COMMITTED);
      const order = [
        'BEGIN;',
        'INSERT INTO longhaul.load_unit',
        'rows of the unit',
        '\\set sent 12',
        'LH004',
        'COMMIT;',
      ];
      expect(order.map((words) => text.indexOf(words))).toEqual(
        order.map((words) => text.indexOf(words)).toSorted((a, b) => a - b),
      );
      expect(text).not.toMatch(/rows of the unit\n[^\\]*COMMIT;/);
    });

    test.each([
      ['a dump that failed', [AT_P, AT_P], {dumpExit: 1}],
      ['a dump that was killed', [AT_P, AT_P], {files: {'dump.dies': ''}}],
      ['a replica that has moved', [AT_P, AT_P.replace('4718', '4720')], {}],
      ['a replica that ended the session', [AT_P, 'gone'], {}],
    ])('%s: no commit', async (_, answers, change) => {
      const folder = await runLane(answers, {plan: binary, ...change});
      const text = await received(folder);
      expect(text).toContain('rows of the unit');
      expect(text).not.toContain('COMMIT;');
      expect((await readFile(join(folder, 'token'), 'utf8')).trim()).toBe('');
    });

    test('at P after the dump, but not before it: not a row is sent', async () => {
      const text = await received(await runLane([AT_P.replace('t t', 't f'), AT_P], {plan: binary}));
      expect(text).not.toMatch(/rows of the unit|COMMIT;/);
    });

    test('a dump that does not say how many rows it sent leaves nothing that could be taken for a number', async () => {
      const text = await received(await runLane([AT_P, AT_P], {plan: binary, files: {'sends.no.word': ''}}));
      expect(text).not.toContain('set sent');
      expect(text).toContain(":'sent'");
    });

    test('a disk too full for its files changes nothing of what it commits', async () => {
      const folder = await runLane([AT_P, AT_P], {
        plan: binary,
        arrange: async (at) => {
          for (const name of ['log', 'bytes', 'fence.seen']) {
            await rm(join(at, name));
            await mkdir(join(at, name));
          }
        },
      });
      expect(await received(folder)).toMatch(COMMITTED);
      for (const name of ['sent', 'token']) expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
    });

    test('the rows were not counted in the token’s room: it is overwritten, not made longer', async () => {
      const folder = await runLane([AT_P, AT_P], {plan: binary});
      const {token = ''} = laneFiles({...plan, ...binary});
      expect((await stat(join(folder, 'token'))).size).toBe(token.length);
    });
  });

  test('a dump that was killed: no commit', async () => {
    const folder = await runLane([AT_P, AT_P], {files: {'dump.dies': ''}});
    expect(await received(folder)).not.toContain('COMMIT;');
    expect((await readRemains(HOST, folder)).dumpExit).toBe(137);
  });

  test("the target's refusal is kept", async () => {
    expect(await readRemains(HOST, await runLane([AT_P, AT_P], {loadExit: 3}))).toMatchObject({
      dumpExit: 0,
      loadExit: 3,
    });
  });

  test.each(['opening.sql', 'closing.sql', 'fence.expected'])('without %s nothing is started', async (missing) => {
    const folder = await runLane([AT_P, AT_P], {files: {[missing]: ''}});
    expect(await received(folder)).toBe('');
    expect((await readRemains(HOST, folder)).loadExit).toBeNull();
  });

  test('a disk too full for its files changes nothing of what it commits', async () => {
    // Nothing can be appended or written anew: files that are directories play the disk.
    const folder = await runLane([AT_P, AT_P], {
      arrange: async (at) => {
        for (const name of ['log', 'bytes', 'fence.seen']) {
          await rm(join(at, name));
          await mkdir(join(at, name));
        }
      },
    });
    expect(await received(folder)).toMatch(COMMITTED);
    expect(await readFile(join(folder, 'exit'), 'utf8')).toMatch(/^0 0\s/);
  });

  test('one that was ended before it was there to be signalled sends nothing', async () => {
    const folder = await runLane([AT_P, AT_P], {
      arrange: async (at) => markEnding(HOST, at, {how: 'cancelled', by: 'ana'}),
    });
    expect(await received(folder)).toBe('');
    expect((await readRemains(HOST, folder)).ended).toEqual({how: 'cancelled', by: 'ana'});
  });

  test('each side gets its own password, in the environment only', async () => {
    const folder = await runLane([AT_P, AT_P]);
    expect(await readFile(join(folder, 'password.replica'), 'utf8')).toBe('in\n');
    expect(await readFile(join(folder, 'password.target'), 'utf8')).toBe('out\n');
  });

  test('it writes who it is, and counts what went down the pipe', async () => {
    const folder = await runLane([AT_P, AT_P]);
    const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    expect(await readIdentity(folder)).toMatchObject({bootId, startTime: expect.stringMatching(/^\d+$/)});
    expect(Number((await readFile(join(folder, 'bytes'), 'utf8')).trim())).toBeGreaterThan(500);
  });

  test('nobody else reads what it leaves', async () => {
    const folder = await runLane([AT_P, AT_P], {
      arrange: async (at) => {
        await chmod(at, 0o700);
        await appendFile(join(at, 'log'), '');
      },
    });
    expect((await stat(folder)).mode & 0o077).toBe(0);
    for (const name of ['pid', 'log', 'exit', 'received']) {
      expect((await stat(join(folder, name))).mode & 0o077, name).toBe(0);
    }
  });
});

import {existsSync} from 'node:fs';
import {appendFile, chmod, mkdir, readFile, rm, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {readIdentity} from '../../../../src/engine/load/host/lane-folder.ts';
import {createLocalHost} from '../../../../src/engine/load/host/local.ts';
import {markEnding, readRemains} from '../../../../src/engine/load/lane/remains.ts';
import {AT_P, COMMITTED, makeLaneStubs, received, type LaneStubs} from '../../../support/lane-stubs.ts';

const HOST = createLocalHost({});

describe('a lane, with stubs in the place of psql and pg_dump', () => {
  let stubs: LaneStubs;

  beforeAll(async () => {
    stubs = await makeLaneStubs();
  });
  afterAll(async () => stubs.remove());

  test('a dump that ended well, at P before it and after it, commits', async () => {
    const folder = await stubs.run([AT_P, AT_P]);
    const text = await received(folder);
    expect(text).toMatch(COMMITTED);
    expect(text.indexOf('BEGIN ')).toBeLessThan(text.indexOf('rows of the unit'));
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
    const text = await received(await stubs.run(answers));
    expect(text).toContain('BEGIN ');
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
    const folder = await stubs.run([AT_P, after]);
    const text = await received(folder);
    expect(text).toContain('rows of the unit');
    expect(text).not.toContain('COMMIT;');
    expect((await readRemains(HOST, folder)).fenceSeen.before).toBe(AT_P);
  });

  test('a replica that cannot be reached: not a row is sent, and its words are kept', async () => {
    const folder = await stubs.run(['gone']);
    expect(await received(folder)).not.toContain('rows of the unit');
    expect(await readRemains(HOST, folder)).toMatchObject({
      dumpExit: null,
      fenceSeen: {before: null, after: null},
      fenceLog: expect.stringContaining('server closed the connection'),
    });
  });

  test('a dump that failed: no commit, and its status and words are kept', async () => {
    const folder = await stubs.run([AT_P, AT_P], {dumpExit: 1});
    expect(await received(folder)).not.toContain('COMMIT;');
    expect(await readRemains(HOST, folder)).toMatchObject({dumpExit: 1, dumpLog: 'pg_dump: a word\n'});
    expect(await readFile(join(folder, 'log'), 'utf8')).toContain('pg_dump: a word');
    const times = (await readFile(join(folder, 'times'), 'utf8')).trim().split('\n');
    expect(times.map((line) => line.split(' ')[0])).toEqual(times.map((_, index) => String(index + 1)));
    const ended = Number(times.at(-1)?.split(' ')[1]) * 1000;
    expect(Math.abs(Date.now() - ended)).toBeLessThan(60_000);
  });

  test('a dump that was killed: no commit', async () => {
    const folder = await stubs.run([AT_P, AT_P], {files: {'dump.dies': ''}});
    expect(await received(folder)).not.toContain('COMMIT;');
    expect((await readRemains(HOST, folder)).dumpExit).toBe(137);
  });

  test("the target's refusal is kept", async () => {
    expect(await readRemains(HOST, await stubs.run([AT_P, AT_P], {loadExit: 3}))).toMatchObject({
      dumpExit: 0,
      loadExit: 3,
    });
  });

  test.each(['opening.sql', 'closing.sql', 'fence.expected'])('without %s nothing is started', async (missing) => {
    const folder = await stubs.run([AT_P, AT_P], {files: {[missing]: ''}});
    expect(await received(folder)).toBe('');
    expect((await readRemains(HOST, folder)).loadExit).toBeNull();
  });

  test('a disk too full for its files changes nothing of what it commits', async () => {
    // Nothing can be appended or written anew: files that are directories play the disk.
    const folder = await stubs.run([AT_P, AT_P], {
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
    const folder = await stubs.run([AT_P, AT_P], {
      arrange: async (at) => markEnding(HOST, at, {how: 'cancelled', by: 'ana'}),
    });
    expect(await received(folder)).toBe('');
    expect((await readRemains(HOST, folder)).ended).toEqual({how: 'cancelled', by: 'ana'});
  });

  test('each side gets its own password, in the environment only', async () => {
    const folder = await stubs.run([AT_P, AT_P]);
    expect(await readFile(join(folder, 'password.replica'), 'utf8')).toBe('in\n');
    expect(await readFile(join(folder, 'password.target'), 'utf8')).toBe('out\n');
  });

  test('it writes who it is, and counts what went down the pipe', async () => {
    const folder = await stubs.run([AT_P, AT_P]);
    const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    expect(await readIdentity(folder)).toMatchObject({bootId, startTime: expect.stringMatching(/^\d+$/)});
    expect(Number((await readFile(join(folder, 'bytes'), 'utf8')).trim())).toBeGreaterThan(500);
  });

  // Source: man 5 proc, /proc/PID/stat, field 41; man 7 sched, SCHED_BATCH is 3.
  test.skipIf(!existsSync('/usr/bin/chrt'))(
    'its programs are batch jobs to the kernel, which interrupts none of them for a few bytes in the pipe',
    async () => {
      const folder = await stubs.run([AT_P, AT_P]);
      expect((await readFile(join(folder, 'policy'), 'utf8')).trim()).toBe('3');
    },
  );

  test('nobody else reads what it leaves', async () => {
    const folder = await stubs.run([AT_P, AT_P], {
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

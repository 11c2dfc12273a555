import {mkdir, readFile, rm, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {laneFiles} from '../../../../src/engine/load/pipeline/lane-files.ts';
import {pipelineNamed} from '../../../../src/engine/load/pipeline/pipelines.ts';
import {AT_P, COMMITTED, makeLaneStubs, received, type LaneStubs} from '../../../support/lane-stubs.ts';

describe('a lane by binary COPY, behind whose rows nothing can follow in the pipe', () => {
  let stubs: LaneStubs;

  beforeAll(async () => {
    stubs = await makeLaneStubs();
  });
  afterAll(async () => stubs.remove());

  const binary = {
    pipeline: pipelineNamed('binary'),
    columns: [{schema: 'public', name: 't', columns: ['id'], sequences: []}],
  };

  test('a dump that ended well, at P before it and after it, commits by what is read after the pipe', async () => {
    const text = await received(await stubs.run([AT_P, AT_P], {plan: binary}));
    expect(text).toMatch(COMMITTED);
    const order = ['BEGIN ', 'INSERT INTO longhaul.load_unit', 'rows of the unit', '\\set sent 12', 'LH004', 'COMMIT;'];
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
    const folder = await stubs.run(answers, {plan: binary, ...change});
    const text = await received(folder);
    expect(text).toContain('rows of the unit');
    expect(text).not.toContain('COMMIT;');
    expect((await readFile(join(folder, 'token'), 'utf8')).trim()).toBe('');
  });

  test('at P after the dump, but not before it: not a row is sent', async () => {
    const text = await received(await stubs.run([AT_P.replace('t t', 't f'), AT_P], {plan: binary}));
    expect(text).not.toMatch(/rows of the unit|COMMIT;/);
  });

  test('a dump that does not say how many rows it sent leaves nothing that could be taken for a number', async () => {
    const text = await received(await stubs.run([AT_P, AT_P], {plan: binary, files: {'sends.no.word': ''}}));
    expect(text).not.toContain('set sent');
    expect(text).toContain(":'sent'");
  });

  test('a disk too full for its files changes nothing of what it commits', async () => {
    const folder = await stubs.run([AT_P, AT_P], {
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
    const folder = await stubs.run([AT_P, AT_P], {plan: binary});
    const {token = ''} = laneFiles({...stubs.plan, ...binary});
    expect((await stat(join(folder, 'token'))).size).toBe(token.length);
  });
});

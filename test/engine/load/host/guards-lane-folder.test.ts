import {existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {Secret} from '../../../../src/config/secret.ts';
import {writeLaneFolder} from '../../../../src/engine/load/host/lane-folder.ts';
import {startLane, withoutPostgres} from '../../../../src/engine/load/host/lane-process.ts';
import {createLocalHost} from '../../../../src/engine/load/host/local.ts';
import {markEnding, readRemains} from '../../../../src/engine/load/lane/remains.ts';
import {PG_DUMP} from '../../../../src/engine/load/pipeline/pg-dump.ts';
import {runTool} from '../../../../src/engine/tools/run-tool.ts';
import {eventually} from '../../../support/longhaul.ts';

const HOST = createLocalHost({});
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lh-lane-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

describe('a lane’s folder', () => {
  test('is closed to others whatever the umask, and so is all that is in it', async () => {
    const path = join(folder, 'lanes', '01-a.1');
    const before = process.umask(0);
    try {
      await writeLaneFolder(path, {'dump.sh': 'exec true\n'});
      await markEnding(HOST, path, {how: 'cancelled', by: 'ana'});
    } finally {
      process.umask(before);
    }
    expect((statSync(path).mode & 0o777).toString(8)).toBe('700');
    for (const name of ['dump.sh', 'log', 'pid', 'exit', 'load.log', 'ending'])
      expect([name, (statSync(join(path, name)).mode & 0o777).toString(8)]).toEqual([name, '600']);
  });

  test('holds nothing of an attempt before it: an old exit would be taken for this one’s', async () => {
    const path = join(folder, '01-a.1');
    await writeLaneFolder(path, {'dump.sh': 'exec true\n', old: 'x'});
    writeFileSync(join(path, 'exit'), '0 0');
    await writeLaneFolder(path, {'dump.sh': 'exec false\n'});
    expect(existsSync(join(path, 'old'))).toBe(false);
    expect(await readRemains(HOST, path)).toMatchObject({
      dumpExit: null,
      loadExit: null,
      ended: null,
      fenceSeen: {before: null, after: null},
    });
    expect(readFileSync(join(path, 'dump.sh'), 'utf8')).toBe('exec false\n');
  });

  test('has room for the short words, so that a full disk keeps none from being written', async () => {
    const path = join(folder, '01-a.1');
    await writeLaneFolder(path, {});
    for (const name of ['pid', 'dump.exit', 'fence.seen', 'bytes', 'exit'])
      expect(statSync(join(path, name)).size).toBeGreaterThan(100);
  });
});

describe('what a child tool inherits', () => {
  const ENV = {
    PATH: process.env['PATH'],
    PGPASSWORD: 'of the shell',
    PGHOST: 'elsewhere',
    PGOPTIONS: '-c a=b',
    HOME: '/h',
  };

  test('of PG* nothing: the conninfo is complete, and a password of the shell is no server’s', () => {
    expect(withoutPostgres({...ENV, LANG: undefined})).toEqual({PATH: ENV.PATH, HOME: '/h'});
  });

  test('a lane has the passwords of its two ends and nothing else of the kind', async () => {
    const script = join(folder, 'lane.sh');
    writeFileSync(script, 'env > env.new && mv env.new env\n');
    const seen = async (): Promise<Record<string, string>> => {
      const text = await eventually('its words', async () =>
        existsSync(join(folder, 'env')) ? readFileSync(join(folder, 'env'), 'utf8') : null,
      );
      rmSync(join(folder, 'env'));
      return Object.fromEntries(
        text
          .trim()
          .split('\n')
          .map((line) => line.split('=') as [string, string]),
      );
    };
    startLane(folder, {own: PG_DUMP.environment({replica: 'one', target: 'two'}), env: ENV, lane: script});
    const both = await seen();
    expect(both).toMatchObject({LONGHAUL_REPLICA_PASSWORD: 'one', LONGHAUL_TARGET_PASSWORD: 'two', LC_ALL: 'C.UTF-8'});
    expect(Object.keys(both).filter((name) => name.startsWith('PG'))).toEqual([]);
    startLane(folder, {own: PG_DUMP.environment({replica: null, target: null}), env: ENV, lane: script});
    expect(Object.keys(await seen()).filter((name) => /PASSWORD|^PG/.test(name))).toEqual([]);
  });

  test('a tool has the password of the server that it works on, and none where it works on none', async () => {
    const call = {path: '/usr/bin/env', args: [], limitMs: 5000, purpose: 'see'};
    const ctx = {env: ENV, signal: new AbortController().signal};
    const server = {params: {}, password: new Secret('hush')};
    expect(await runTool(ctx, {...call, server})).toMatch(/^PGPASSWORD=hush$/m);
    const none = await runTool(ctx, {...call, server: {params: {}, password: null}});
    expect(none).not.toMatch(/^PG/m);
    expect(none).toMatch(/^LC_ALL=C\.UTF-8$/m);
    await expect(runTool(ctx, {...call, path: '/bin/false', server})).rejects.toThrow('could not see');
  });
});

import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {readIdentity, writeLaneFolder} from '../../../../src/engine/load/host/lane-folder.ts';
import {readLaneLife, signalLane, startLane} from '../../../../src/engine/load/host/lane-process.ts';
import {createLocalHost} from '../../../../src/engine/load/host/local.ts';
import {readProcess} from '../../../../src/engine/load/host/proc.ts';
import {readRemains} from '../../../../src/engine/load/lane/remains.ts';
import {eventually} from '../../../support/longhaul.ts';

const HOST = createLocalHost({});

describe('a lane that a supervisor has started', () => {
  let parent: string;
  let folder: string;

  beforeEach(async () => {
    parent = mkdtempSync(join(tmpdir(), 'lh-script-'));
    folder = join(parent, '01-a.1');
    await writeLaneFolder(folder, {
      'opening.sql': 'BEGIN;\n',
      'closing.sql': 'COMMIT;\n',
      'fence.expected': 'at P\n',
      'fence.sh': 'exec sleep 600\n',
      'load.sh': 'cat > received\n',
    });
    startLane(folder, {own: {LC_ALL: 'C.UTF-8'}, env: {PATH: process.env['PATH']}});
    await eventually('the lane', async () => {
      const life = await readLaneLife(folder);
      return life.life === 'running' && life.processes.some(({command}) => command === 'sleep') ? true : null;
    });
  });
  afterEach(async () => {
    await signalLane(folder, 'SIGKILL');
    await eventually('its end', async () => ((await readLaneLife(folder)).life === 'gone' ? true : null));
    rmSync(parent, {recursive: true, force: true});
  });

  test('leads a session of its own, and is the process that its folder names', async () => {
    const identity = await readIdentity(folder);
    const wrapper = await readProcess(identity?.pid ?? 0);
    expect(wrapper).toMatchObject({session: identity?.pid, startTime: identity?.startTime, command: 'sh'});
    expect(wrapper?.session).not.toBe((await readProcess(process.pid))?.session);
  });

  test('that is told to end writes down how both ends ended, and nothing is committed', async () => {
    expect(await signalLane(folder, 'SIGTERM')).toBe(true);
    await eventually('its end', async () => ((await readLaneLife(folder)).life === 'gone' ? true : null));
    expect(readFileSync(join(folder, 'exit'), 'utf8').trim()).toMatch(/^- (\d+|-)$/);
    expect(await readRemains(HOST, folder)).toMatchObject({dumpExit: null, fenceSeen: {before: null, after: null}});
    const received = existsSync(join(folder, 'received')) ? readFileSync(join(folder, 'received'), 'utf8') : '';
    expect(received).not.toContain('COMMIT');
  });

  test('that is killed leaves no word that could be taken for a good end', async () => {
    expect(await signalLane(folder, 'SIGKILL')).toBe(true);
    await eventually('its end', async () => ((await readLaneLife(folder)).life === 'gone' ? true : null));
    expect(await readRemains(HOST, folder)).toMatchObject({dumpExit: null, loadExit: null});
  });
});

test('what psql said and how it ended is kept, for the verdict and for people', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'lh-script-')), '01-a.1');
  await writeLaneFolder(folder, {
    'opening.sql': 'BEGIN;\n',
    'closing.sql': 'COMMIT;\n',
    'fence.expected': 'at P\n',
    'fence.sh': "echo 'at P'\n",
    'load.sh': "cat > /dev/null; echo 'psql:<stdin>:3: ERROR:  53100: no space' >&2; exit 3\n",
  });
  startLane(folder, {own: {LC_ALL: 'C.UTF-8'}, env: {PATH: process.env['PATH']}});
  await eventually('its end', async () =>
    readFileSync(join(folder, 'exit'), 'utf8').trim() !== '' && (await readLaneLife(folder)).life === 'gone'
      ? true
      : null,
  );
  const words = expect.stringContaining('53100: no space');
  expect(await readRemains(HOST, folder)).toMatchObject({loadExit: 3, loadLog: words});
  expect(readFileSync(join(folder, 'log'), 'utf8')).toEqual(words);
  rmSync(join(folder, '..'), {recursive: true});
});

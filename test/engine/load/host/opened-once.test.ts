import {existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {createLocalHost} from '../../../../src/engine/load/host/local.ts';
import {openedOnce} from '../../../../src/engine/load/host/opened-once.ts';
import {eventually} from '../../../support/longhaul.ts';

/** Waits for its fence until it is ended. */
const WAITS = {
  'opening.sql': 'x',
  'closing.sql': 'x',
  'fence.expected': 'x',
  'fence.sh': 'exec sleep 600',
  'load.sh': 'cat > /dev/null',
};

describe('the lanes of a run', () => {
  let parent: string;
  let lanes: string;
  let lane: string;

  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'lh-once-'));
    lanes = join(parent, 'run', 'lanes');
    lane = join(lanes, '01-users.1');
    mkdirSync(lanes, {recursive: true, mode: 0o700});
  });
  afterEach(() => rmSync(parent, {recursive: true, force: true}));

  /** Somebody puts a folder of his own in the place of the run's; gives where the run's is by then. */
  function swapIn(files: Readonly<Record<string, string>>): string {
    renameSync(join(parent, 'run'), join(parent, 'moved'));
    mkdirSync(lane, {recursive: true});
    for (const [name, text] of Object.entries(files)) writeFileSync(join(lane, name), text);
    return join(parent, 'moved', 'lanes', '01-users.1');
  }

  test('are made, started and read where they were when the run began, whatever is at their path by now', async () => {
    const host = createLocalHost({PATH: process.env['PATH']}, openedOnce(lanes));
    await host.prepare(lane, {...WAITS, method: 'ours'});
    const moved = swapIn({pid: '1 1 1', method: 'theirs', ending: 'cancelled by theirs'});
    await host.start(lane, {});
    await eventually('the pid of the lane', async () =>
      /^\d+ \d+ /.test(readFileSync(join(moved, 'pid'), 'utf8')) ? true : null,
    );
    expect(readFileSync(join(lane, 'pid'), 'utf8')).toBe('1 1 1');
    expect(await host.read(lane, ['method', 'ending'])).toEqual(['ours', '']);
    expect(await host.list(lanes)).toEqual([lane]);
    await host.leave(lane, 'ending', 'cancelled by ours');
    expect(readFileSync(join(moved, 'ending'), 'utf8')).toBe('cancelled by ours');
    await host.prepare(join(lanes, '02-events.1'), {});
    expect(existsSync(join(lanes, '02-events.1'))).toBe(false);
    expect((await host.readPiece(lane, 'method', 0)).text).toBe('ours');
    expect((await host.life([lane]))[0]?.life).toBe('running');
    expect(await host.signal(lane, 'SIGKILL')).toBe(true);
    await eventually('the end of the lane', async () => ((await host.life([lane]))[0]?.life === 'gone' ? true : null));
  });

  test('are found by their names in a run folder that was moved as a whole', async () => {
    await createLocalHost({}).prepare(lane, {method: 'ours'});
    renameSync(join(parent, 'run'), join(parent, 'elsewhere'));
    const host = createLocalHost({}, openedOnce(join(parent, 'elsewhere', 'lanes')));
    expect(await host.read(lane, ['method'])).toEqual(['ours']);
  });

  test('are none before there is a run folder, and are there once it is made', async () => {
    rmSync(lanes, {recursive: true});
    const host = createLocalHost({}, openedOnce(lanes));
    expect(await host.list(lanes)).toEqual([]);
    mkdirSync(lanes);
    await host.prepare(lane, {method: 'ours'});
    expect(readFileSync(join(lane, 'method'), 'utf8')).toBe('ours');
  });
});

import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {createPrivateFolder, giveToServerUser} from '../../src/lab/cluster/private-folder.ts';
import {readLab} from '../../src/lab/lab-state.ts';

const asRoot = process.getuid?.() === 0;
if (!asRoot) console.warn('not root: nothing is given to another user here, and that is not tried');

describe('the folder of a lab', () => {
  let parent: string;
  let goal: string;

  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'lh-'));
    chmodSync(parent, 0o755);
    goal = join(parent, 'goal');
    mkdirSync(goal, {mode: 0o755});
  });
  afterEach(() => rmSync(parent, {recursive: true}));

  test('is closed to others, and the servers’ user moves nothing in it that is ours', async () => {
    const folder = await createPrivateFolder(join(parent, 'lab'));
    expect((statSync(folder).mode & 0o7777).toString(8)).toBe(asRoot ? '1770' : '700');
    expect(statSync(folder).uid).toBe(process.getuid?.());
    expect((statSync(join(folder, 's')).mode & 0o7777).toString(8)).toBe('700');
  });

  test('is no link, and nothing is given to the servers’ user through one', async () => {
    const link = join(parent, 'link');
    symlinkSync(goal, link);
    await expect(giveToServerUser([link])).rejects.toThrow(`${link} is a link, or no folder`);
    expect(statSync(goal)).toMatchObject({uid: process.getuid?.(), mode: 0o40755});
  });

  test('is neither made nor taken down where others may write', async () => {
    chmodSync(goal, 0o777);
    await expect(createPrivateFolder(join(goal, 'lab'))).rejects.toThrow(`${goal} may be written by everybody`);
    expect(readdirSync(goal)).toEqual([]);
    writeFileSync(join(goal, 'state.json'), '{}');
    await expect(readLab(goal)).rejects.toThrow(`${goal} may be written by everybody`);
  });

  test.skipIf(!asRoot)('is neither made nor taken down in a folder of another user', async () => {
    chownSync(goal, 65_534, 65_534);
    await expect(createPrivateFolder(join(goal, 'lab'))).rejects.toThrow(`${goal} belongs to the user with the number`);
    await expect(createPrivateFolder(goal)).rejects.toThrow(`${goal} belongs to the user with the number`);
    writeFileSync(join(goal, 'state.json'), '{}');
    await expect(readLab(goal)).rejects.toThrow(`${goal} belongs to the user with the number`);
    expect(statSync(goal)).toMatchObject({uid: 65_534, mode: 0o40755});
  });
});

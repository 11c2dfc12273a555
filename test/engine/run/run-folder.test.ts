import {chownSync, mkdirSync, mkdtempSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {createRunFolder, runFolderAt} from '../../../src/engine/run/run-folder.ts';

describe('the run folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lh-folder-'));
  afterAll(() => rmSync(folder, {recursive: true, force: true}));

  test('is closed to everybody else, also where it was open', async () => {
    const path = join(folder, 'open');
    mkdirSync(path, {mode: 0o755});
    await createRunFolder(runFolderAt(path));
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, 'lanes')).mode & 0o777).toBe(0o700);
  });

  test.skipIf(process.getuid?.() !== 0)('is refused where it is another user’s, whoever runs', async () => {
    const path = join(folder, 'another');
    mkdirSync(path);
    chownSync(path, 65_534, 65_534);
    await expect(createRunFolder(runFolderAt(path))).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('it belongs to the user with the number 65534'),
    });
  });
});

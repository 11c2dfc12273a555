import {lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {replaceFile} from '../../../src/probes/out/replace-file.ts';

test('a file in a folder of another user is replaced, and nothing is written through a link that lies there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lh-replace-'));
  try {
    const [path, goal] = [join(folder, 'longhaul.prom'), join(folder, 'goal')];
    writeFileSync(goal, 'theirs');
    for (const place of [path, `${path}.${process.pid}.new`]) symlinkSync(goal, place);
    for (const text of ['one', 'two']) {
      await replaceFile(path, text, 0o644);
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
    expect(lstatSync(path).isFile()).toBe(true);
    expect((lstatSync(path).mode & 0o777).toString(8)).toBe('644');
    expect(readFileSync(goal, 'utf8')).toBe('theirs');
    expect(readdirSync(folder).toSorted()).toEqual(['goal', 'longhaul.prom']);
  } finally {
    rmSync(folder, {recursive: true});
  }
});

import {execFileSync} from 'node:child_process';
import {chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {judgePath} from '../../../src/config/files/trusted-path.ts';
import {createRunFolder, mustBeTrusted, runFolderAt, type RunFolder} from '../../../src/engine/run/run-folder.ts';

const NOBODY = 65_534;
const asRoot = process.getuid?.() === 0;
let parent: string;
let run: RunFolder;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'lh-folder-'));
  run = runFolderAt(join(parent, 'run'));
});
afterEach(() => rmSync(parent, {recursive: true, force: true}));

const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

describe('the run folder', () => {
  test('is made for its user only', async () => {
    await createRunFolder(run);
    expect([run.path, run.lanes].map((path) => modeOf(path))).toEqual(['700', '700']);
  });

  test('that is there keeps its mode, and is refused where others may write it, as /tmp would be', async () => {
    mkdirSync(run.path, {mode: 0o755});
    await createRunFolder(run);
    expect(modeOf(run.path)).toBe('755');
    for (const mode of [0o775, 0o757, 0o1777]) {
      chmodSync(run.path, mode);
      await expect(createRunFolder(run)).rejects.toMatchObject({
        code: 'config',
        message: expect.stringMatching(/run may be written by (everybody|its group) \(mode \d{4}\)/),
        remedy: expect.stringContaining(mode === 0o1777 ? 'set run_directory to' : `chmod go-w ${run.path}`),
      });
      expect(modeOf(run.path)).toBe(mode.toString(8));
    }
    await expect(createRunFolder(runFolderAt('/tmp'))).rejects.toThrow('/tmp may be written by everybody (mode 1777)');
  });

  test('is refused below a folder that others may write, unless they cannot move what is in it', async () => {
    await createRunFolder(run);
    chmodSync(parent, 0o777);
    expect(() => mustBeTrusted(run)).toThrow(
      `the run folder ${run.path} is not trusted: ${parent} may be written by everybody`,
    );
    chmodSync(parent, 0o1777);
    mustBeTrusted(run);
  });

  test('is refused where a link on the way to it lies in such a folder', async () => {
    const [open, shown] = [join(parent, 'open'), join(parent, 'open', 'link')];
    mkdirSync(open);
    symlinkSync(parent, shown);
    await createRunFolder(run);
    mustBeTrusted(runFolderAt(join(shown, 'run')));
    chmodSync(open, 0o777);
    expect(() => mustBeTrusted(runFolderAt(join(shown, 'run')))).toThrow(`${open} may be written by everybody`);
    const circle = join(parent, 'circle');
    symlinkSync(circle, circle);
    expect(judgePath(circle)).toMatchObject({seen: 'has links that lead in a circle'});
  });

  test.each(['journal', 'plan', 'socket', 'lock', 'lanes'] as const)(
    'is refused where others may write its %s',
    async (what) => {
      await createRunFolder(run);
      if (what !== 'lanes') writeFileSync(run[what], '');
      mustBeTrusted(run);
      chmodSync(run[what], 0o666);
      expect(() => mustBeTrusted(run)).toThrow(`${run[what]} may be written by everybody (mode 0666)`);
    },
  );

  test('is refused where what lies in it leads by a link to what others may write', async () => {
    await createRunFolder(run);
    const elsewhere = join(parent, 'journal.jsonl');
    writeFileSync(elsewhere, '');
    symlinkSync(elsewhere, run.journal);
    mustBeTrusted(run);
    chmodSync(elsewhere, 0o602);
    expect(() => mustBeTrusted(run)).toThrow(`${elsewhere} may be written by everybody`);
  });

  test.skipIf(!asRoot)('is refused where it, a folder above it, a file or a lane in it is another user’s', async () => {
    await createRunFolder(run);
    writeFileSync(run.journal, '');
    const lane = join(run.lanes, '01-users.1');
    mkdirSync(lane);
    for (const path of [run.path, parent, run.journal, run.lanes, lane]) {
      chownSync(path, NOBODY, NOBODY);
      expect(() => mustBeTrusted(run)).toThrow(`${path} belongs to the user with the number ${NOBODY}`);
      chownSync(path, 0, 0);
    }
    symlinkSync(run.path, join(parent, 'link'));
    execFileSync('chown', ['-h', 'nobody', join(parent, 'link')]);
    expect(() => mustBeTrusted(runFolderAt(join(parent, 'link')))).toThrow(`${join(parent, 'link')} belongs to`);
  });

  test.skipIf(!asRoot)('of root is trusted by another user, and one of that user by himself alone', () => {
    expect(judgePath(parent, 4711)).toBeNull();
    chownSync(parent, 4711, 4711);
    expect(judgePath(parent, 4711)).toBeNull();
    expect(judgePath(parent, 4712)).toMatchObject({path: parent});
  });
});

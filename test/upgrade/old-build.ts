import {execFile} from 'node:child_process';
import {mkdtemp, rm, symlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';

const ROOT = join(import.meta.dirname, '../..');
const exec = promisify(execFile);

/** A build of an earlier commit. */
export interface OldBuild {
  /** Its dist/cli/main.js. */
  readonly main: string;
  readonly remove: () => Promise<void>;
}

/** Builds a commit of this repository in a folder beside everything else, with the packages that are installed here. Throws where git has no such commit. */
export async function buildCommit(commit: string): Promise<OldBuild> {
  const folder = await mkdtemp(join(tmpdir(), 'lh-old-'));
  const remove = async (): Promise<void> => rm(folder, {recursive: true, force: true});
  try {
    await exec('sh', ['-c', 'git archive "$1" | tar -x -C "$2"', 'sh', commit, folder], {cwd: ROOT});
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await exec('npm', ['run', '-s', 'build'], {cwd: folder});
    return {main: join(folder, 'dist/cli/main.js'), remove};
  } catch (error) {
    await remove();
    throw error;
  }
}

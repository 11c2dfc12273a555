import {execFile} from 'node:child_process';
import {cp, mkdir, readdir, readFile, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** What has ended: its code. */
export type OtherBuild = (...words: readonly string[]) => Promise<number>;

/** A longhaul of another version in the lab's folder: the same one, which speaks another protocol. */
export async function otherBuild({folder, yamlPath}: {folder: string; yamlPath: string}): Promise<OtherBuild> {
  const root = join(folder, 'other');
  await mkdir(root);
  await cp(join(ROOT, 'dist'), join(root, 'dist'), {recursive: true});
  for (const one of ['node_modules', 'libexec', 'package.json']) await symlink(join(ROOT, one), join(root, one));
  await speakOtherwise(join(root, 'dist'));
  const main = join(root, 'dist/cli/main.js');
  return async (...words) =>
    new Promise((resolve) => {
      execFile(process.execPath, [main, '--config', yamlPath, ...words], (error) =>
        resolve(error === null ? 0 : Number(error.code ?? 1)),
      );
    });
}

/** Changes the one place where the built program says which protocol it speaks. */
async function speakOtherwise(dist: string): Promise<void> {
  const paths = (await readdir(dist, {recursive: true})).filter((path) => path.endsWith('.js'));
  let changed = 0;
  for (const path of paths.map((one) => join(dist, one))) {
    const text = await readFile(path, 'utf8');
    const other = text.replace(/\bPROTOCOL = (\d+)/, 'PROTOCOL = 1$1');
    if (other === text) continue;
    changed += 1;
    await writeFile(path, other);
  }
  if (changed !== 1) throw new Error(`the protocol's number stands in ${changed} files of ${dist}, not in one`);
}

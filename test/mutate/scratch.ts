import {execFileSync} from 'node:child_process';
import {cpSync, mkdtempSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';

const made: string[] = [];
const LEFT_OUT = ['node_modules', '.git', 'dist', 'coverage'];

/**
 * A copy of the tree to be broken, so that the checkout is never touched; its packages are hard links. Without a `.git`, and without what
 * vitest remembers of its last run, which it would write through the links.
 */
export function makeScratch(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'longhaul-mutate-'));
  made.push(copy);
  cpSync(root, copy, {recursive: true, filter: (from) => from === root || !LEFT_OUT.includes(basename(from))});
  try {
    execFileSync('cp', ['-al', join(root, 'node_modules'), join(copy, 'node_modules')], {stdio: 'ignore'});
    rmSync(join(copy, 'node_modules', '.vite'), {recursive: true, force: true});
  } catch {
    // Another file system takes no hard links of this one.
    rmSync(join(copy, 'node_modules'), {recursive: true, force: true});
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  }
  return copy;
}

/** Takes all copies away. */
export function removeScratches(): void {
  for (const copy of made.splice(0)) rmSync(copy, {recursive: true, force: true});
}

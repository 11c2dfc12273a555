import {execFileSync} from 'node:child_process';
import {copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Builds the package into a folder of the bench's own, so that nobody else's dist changes; gives the path of its launcher. */
export function build(): string {
  const folder = join(ROOT, '.longhaul');
  rmSync(folder, {recursive: true, force: true});
  mkdirSync(folder, {recursive: true});
  writeFileSync(join(folder, 'package.json'), JSON.stringify({type: 'module', version: '0.0.0-bench'}));
  execFileSync(join(ROOT, 'node_modules/.bin/rolldown'), ['-c', '--dir', join(folder, 'dist')], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  mkdirSync(join(folder, 'bin'), {recursive: true});
  copyFileSync(join(ROOT, 'bin/longhaul'), join(folder, 'bin/longhaul'));
  cpSync(join(ROOT, 'libexec'), join(folder, 'libexec'), {recursive: true});
  return join(folder, 'bin/longhaul');
}

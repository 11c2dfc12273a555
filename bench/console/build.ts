import {execFileSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Builds the package into a folder of the bench's own, so that nobody else's dist changes; gives the path of its main.js. */
export function build(): string {
  const folder = join(ROOT, '.longhaul');
  mkdirSync(folder, {recursive: true});
  // The command reads its version two folders above itself.
  writeFileSync(join(folder, 'package.json'), JSON.stringify({type: 'module', version: '0.0.0-bench'}));
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', join(ROOT, 'tsconfig.build.json'), '--outDir', join(folder, 'bench')], {
    stdio: 'inherit',
  });
  return join(folder, 'bench/cli/main.js');
}

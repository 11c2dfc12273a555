import {globSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Every source file with its text, by its path from the root: `src/domain/pg/lsn.ts`. */
export function readSources(): {path: string; text: string}[] {
  return globSync('src/**/*.{ts,tsx}', {cwd: ROOT}).map((path) => ({
    path,
    text: readFileSync(join(ROOT, path), 'utf8'),
  }));
}

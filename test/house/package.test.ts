import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join, posix} from 'node:path';
import {describe, expect, test} from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** The files of the package, by their paths in it; nothing is built or written. */
function packedFiles(): string[] {
  const told = execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {cwd: ROOT, encoding: 'utf8'});
  const [pack]: {files: {path: string}[]}[] = JSON.parse(told);
  return (pack?.files ?? []).map(({path}) => path);
}

const packed = packedFiles();
const papers = packed.filter((path) => /\.(md|yaml|sql)$/.test(path) && !path.startsWith('dist/'));

/** `[words](docs/keys.md#panes)`, addresses of the net apart. */
const LINK = /\]\((?!https?:)([^)#\s]+)[^)]*\)/g;
/** A path that begins with a folder of this repository, or names one of its papers. */
const CITED =
  /(?<![\w/.-])(?:(?:src|test|bench|scripts|libexec|docs|dist|examples|bin)\/[\w./-]*[\w/]|[A-Z]{4,}\.md)(?![\w/])/g;

function isPacked(path: string): boolean {
  const folder = path.endsWith('/') ? path : `${path}/`;
  return packed.some((one) => one === path || one.startsWith(folder));
}

/** What a paper says is there, and is not in the package. */
function missing(text: string, from: string, pattern: RegExp): string[] {
  const at = pattern === LINK ? posix.dirname(from) : '.';
  return [...text.matchAll(pattern)]
    .map((match) => posix.normalize(posix.join(at, match[1] ?? match[0])))
    .filter((path) => !isPacked(path))
    .map((path) => `${from}: ${path}`);
}

describe('the package that people install', () => {
  test('has its licence, and the one that package.json names', () => {
    expect(packed).toContain('LICENSE');
    const {license}: {license: string} = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(license).toBe('Apache-2.0');
    expect(readFileSync(join(ROOT, 'LICENSE'), 'utf8')).toContain(
      'Apache License\n                           Version 2.0',
    );
  });

  test('has no test, no source and no paper of the workshop', () => {
    expect(packed.filter((path) => /^(src|test|bench|scripts|docs\/decisions)\//.test(path))).toEqual([]);
  });

  test.each(papers)('%s links and cites only what is in it', (paper) => {
    const text = readFileSync(join(ROOT, paper), 'utf8');
    expect([...missing(text, paper, LINK), ...missing(text, paper, CITED)]).toEqual([]);
  });

  test('would be caught citing what is not in it', () => {
    expect(missing('see [the table](../src/pg/session/versions.ts)', 'docs/keys.md', LINK)).toHaveLength(1);
    expect(missing('a test (`test/probes/loop.test.ts`), ARCHITECTURE.md.', 'README.md', CITED)).toHaveLength(2);
  });
});

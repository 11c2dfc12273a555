import {execFileSync} from 'node:child_process';
import {rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

function cruise(): {failed: boolean; output: string} {
  try {
    const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'err', 'src'];
    return {failed: false, output: execFileSync('node_modules/.bin/depcruise', args, {cwd: ROOT, encoding: 'utf8'})};
  } catch (error) {
    return {failed: true, output: error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)};
  }
}

describe('the layers', () => {
  test('hold', () => {
    expect(cruise()).toMatchObject({failed: false});
  }, 60_000);

  // Without its parser the checker reads nothing and says that all is well.
  test('are watched: a planted violation is reported', () => {
    const planted = join(ROOT, 'src/domain/planted-violation.ts');
    writeFileSync(
      planted,
      "import {sql} from '../pg/session/statement.ts';\n/** Planted. */\nexport const planted = sql('SELECT 1');\n",
    );
    try {
      const {failed, output} = cruise();
      expect(failed).toBe(true);
      expect(output).toContain('domain-imports-only');
    } finally {
      rmSync(planted);
    }
  }, 60_000);
});

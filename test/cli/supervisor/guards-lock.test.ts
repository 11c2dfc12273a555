import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';

const MAIN = join(import.meta.dirname, '../../../src/cli/main.ts');
const WITH_LOCK = join(import.meta.dirname, '../../../libexec/with-lock.sh');
const folder = mkdtempSync(join(tmpdir(), 'lh-lock-'));
const config = join(folder, 'longhaul.yaml');
const lock = join(folder, 'run/lock');
const SERVERS = ['source', 'replica', 'target'].map((role) => `${role}: host=127.0.0.1 port=1 dbname=app user=ana\n`);
writeFileSync(config, `confirm: never\nrun: acme\nrun_directory: ${join(folder, 'run')}\n${SERVERS.join('')}`);
mkdirSync(join(folder, 'run'), {mode: 0o700});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

/** What somebody types at a shell; `$LH` is longhaul with its configuration. */
function typed(line: string): {status: number | null; said: string} {
  const LH = `'${process.execPath}' --disable-warning=ExperimentalWarning '${MAIN}' --config '${config}'`;
  const {status, stdout, stderr} = spawnSync('/bin/sh', ['-c', line.replaceAll('$LH', LH)], {encoding: 'utf8'});
  return {status, said: `${stdout}${stderr}`};
}

describe('what only longhaul itself starts, when somebody types it', () => {
  test.each([
    ['abort --locked --yes acme', ''],
    ['abort --locked --yes acme', `exec 9>> '${folder}/other'; flock 9; `],
    // Open as if it were held.
    ['abort --locked --yes acme', `exec 9>> '${lock}'; `],
    ['supervise', `exec 9>> '${lock}'; `],
    ['release --locked --yes acme', `exec 9>> '${lock}'; `],
    ['cdc-started --locked --yes acme', `exec 9>> '${lock}'; `],
  ])('%s is refused where nobody holds the lock of the run: %j', (words, before) => {
    const {status, said} = typed(`${before}$LH ${words}`);
    expect(said).toContain('this is for longhaul itself');
    expect(status).toBe(2);
    expect(existsSync(join(folder, 'run/journal.jsonl'))).toBe(false);
  });

  test.each([
    ['abort --locked', 'nothing was done'],
    ['abort --locked --yes another', 'nothing was done'],
    ['cdc-started --locked', 'nothing was recorded'],
  ])('%s under the lock wants the name of the run as it does without', (words, text) => {
    const {status, said} = typed(`/bin/sh '${WITH_LOCK}' '${lock}' $LH ${words}`);
    expect(said).toContain(text);
    expect(said).toContain('--yes acme');
    expect(status).toBe(2);
  });
});

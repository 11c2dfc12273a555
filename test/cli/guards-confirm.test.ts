import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {main} from '../../src/cli/main.ts';

describe('a command that cannot be taken back', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lh-confirm-'));
  const config = join(folder, 'longhaul.yaml');
  const said: string[] = [];
  const SERVERS = ['source', 'replica', 'target'].map((role) => `${role}: host=127.0.0.1 port=1 dbname=app user=ana\n`);
  writeFileSync(config, `run: acme\nrun_directory: ${join(folder, 'run')}\n${SERVERS.join('')}`);

  beforeEach(() => {
    said.length = 0;
    const hear = (text: unknown): boolean => said.push(String(text)) > 0;
    for (const one of ['log', 'error'] as const) vi.spyOn(console, one).mockImplementation(hear);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });
  afterAll(() => rmSync(folder, {recursive: true, force: true}));

  test.each([
    ['abort', [], 'abort drops the slots of run acme'],
    ['abort', ['--yes', 'acm'], 'abort drops the slots of run acme'],
    ['cdc-started', [], 'nothing was noted'],
    ['cdc-started', ['--yes', 'ACME'], 'nothing was noted'],
  ])('%s %j wants the name of the run, and does nothing without it', async (command, words, text) => {
    await main(['node', 'longhaul', '--config', config, command, ...words], {HOME: folder});
    expect(process.exitCode).toBe(2);
    expect(said.join('\n')).toContain(text);
    expect(said.join('\n')).toContain(`${command} --yes acme`);
    // Not even the run's folder was made, nor a server asked.
    expect(existsSync(join(folder, 'run'))).toBe(false);
  });
});

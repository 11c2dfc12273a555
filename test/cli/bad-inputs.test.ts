import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {execFileSync} from 'node:child_process';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {main} from '../../src/cli/main.ts';
import {COMMAND_LINES} from '../config/bad-inputs/command-line.ts';

const SERVERS = ['source', 'replica', 'target'].map((role) => `${role}: host=127.0.0.1 port=1\n`).join('');

describe('what is wrong on the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lh-words-'));
  const config = join(folder, 'longhaul.yaml');
  const text = `run: acme\n${SERVERS}run_directory: run\n`;
  writeFileSync(config, text);
  mkdirSync(join(folder, 'folder'));
  symlinkSync('circle', join(folder, 'circle'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const seen = (): string => readdirSync(folder, {recursive: true}).map(String).join('\n');
  const before = seen();
  afterAll(() => rmSync(folder, {recursive: true, force: true}));

  const said: string[] = [];
  beforeEach(() => {
    said.length = 0;
    const hear = (words: unknown): boolean => said.push(String(words)) > 0;
    vi.spyOn(console, 'log').mockImplementation(hear);
    vi.spyOn(console, 'error').mockImplementation(hear);
    vi.spyOn(process.stdout, 'write').mockImplementation(hear);
    vi.spyOn(process.stderr, 'write').mockImplementation(hear);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });

  async function refused(env: Record<string, string>, words: readonly string[]): Promise<string> {
    await main(['node', 'longhaul', ...words], {HOME: folder, XDG_STATE_HOME: folder, ...env});
    expect(process.exitCode).toBe(2);
    expect(seen()).toBe(before);
    expect(readFileSync(config, 'utf8')).toBe(text);
    const told = said.join('\n');
    expect(told).not.toMatch(/a bug in|ENOENT|EISDIR|    at /);
    return told;
  }

  test.each(COMMAND_LINES)('longhaul $words', async ({words, says, remedy}) => {
    const told = await refused({LONGHAUL_CONFIG: config}, words.split(' ').filter(Boolean));
    expect(told).toContain(says);
    expect(told).toContain(remedy);
    expect(told.match(/^longhaul: /gm) ?? []).toHaveLength(says.startsWith('Usage') ? 0 : 1);
  });

  test.each([
    ['none.yaml', 'is not there', 'init writes one'],
    ['', 'is a folder', 'name the file in it'],
    ['folder', 'is a folder', 'name the file in it'],
    ['longhaul.yaml/x', 'is not there: a part of its path is a file', 'init writes one'],
    ['circle', 'its path is a loop of symbolic links', 'names another'],
    ['pipe', 'is not a file but a pipe or a device', 'name a file'],
    ['x'.repeat(300), 'has too long a name', 'names another'],
    ['none\u001b[31m.yaml', String.raw`none\x1b[31m.yaml`, 'init writes one'],
  ])('--config FOLDER/%s', async (name, says, remedy) => {
    const told = await refused({}, ['--config', join(folder, name), 'status']);
    expect(told).toContain(says);
    expect(told).toContain(remedy);
  });

  test.each([
    [{}, ['--config', '', 'status'], 'the configuration has no name'],
    [{LONGHAUL_CONFIG: ''}, ['status'], 'the configuration has no name'],
    [{}, ['--config', '/dev/zero', 'status'], 'is not a file but a pipe or a device'],
    [{}, ['status', '--config'], "option '-c, --config <file>' argument missing"],
    // No command is advised with the name that is none.
    [{}, ['--config', '', 'status'], 'longhaul init writes one'],
    [{}, ['init', '--config', ''], 'the configuration has no name'],
    [{}, ['init', '--config', '/nowhere/at/all.yaml'], '/nowhere/at/all.yaml: no such file or directory'],
    [{}, ['init', '--config', `/tmp/${'x'.repeat(300)}`], 'its name is too long: name another place'],
    [{LONGHAUL_CONFIG: config}, ['abort', '--yes', ''], 'the run is not called ""'],
    [{LONGHAUL_CONFIG: config}, ['abort', '--yes', 'acme '], 'the run is not called "acme "'],
    [{LONGHAUL_CONFIG: config}, ['logs', ''], 'no unit, running lane or table is called ""'],
    [
      {LONGHAUL_CONFIG: config, PGSSLMODE: 'verify-full', PGSSLROOTCERT: '/nowhere'},
      ['check'],
      'longhaul: sslrootcert cannot be read: /nowhere: no such file or directory',
    ],
  ] as const)('%j %j', async (env, words, says) => {
    expect(await refused(env, words)).toContain(says);
  });
});

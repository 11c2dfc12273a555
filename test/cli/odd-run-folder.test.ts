import {execFileSync, spawnSync} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {main} from '../../src/cli/main.ts';

const QUICK_LINE = join(import.meta.dirname, '../../src/cli/run/quick-line.ts');
const FILES = [
  'journal.jsonl',
  'readings.jsonl',
  'line.json',
  'plan.yaml',
  'inventory.json',
  'manifest.json',
  'told.json',
  'skipped.json',
  'lock',
  'supervisor.log',
  'trace.jsonl',
];

describe('a run folder in which something is not what it is read as', () => {
  let folder: string;
  let config: string;
  let run: string;
  const said: string[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lh-odd-'));
    [config, run] = [join(folder, 'longhaul.yaml'), join(folder, 'run')];
    const servers = ['source', 'replica', 'target'].map((role) => `${role}: host=127.0.0.1 port=1 user=ana\n`);
    writeFileSync(config, `run: acme\nrun_directory: ${run}\n${servers.join('')}`);
    said.length = 0;
    const hear = (text: unknown): boolean => said.push(String(text)) > 0;
    for (const one of ['log', 'error'] as const) vi.spyOn(console, one).mockImplementation(hear);
    for (const one of ['stdout', 'stderr'] as const) vi.spyOn(process[one], 'write').mockImplementation(hear);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
    rmSync(folder, {recursive: true, force: true});
  });

  async function typed(line: string): Promise<string> {
    said.length = 0;
    process.exitCode = undefined;
    await main(['node', 'longhaul', '--config', config, ...line.split(' ')], {HOME: folder});
    return said.join('\n');
  }

  /** One message with its remedy, which is then carried out: what is there is moved away, and the run is what it was. */
  async function refusedUntilMoved(path: string, words: string, line = 'status'): Promise<void> {
    const told = await typed(line);
    expect(told).toContain(`${path} is a ${words}`);
    expect(told).toContain(`see what it is (ls -ld ${path}) and move it away, or set run_directory to another folder`);
    expect(told.match(/^longhaul: /gm)).toHaveLength(1);
    expect(process.exitCode).toBe(2);
    renameSync(path, join(folder, `away-${randomUUID()}`));
    expect(await typed('status')).toContain('The run has not begun');
  }

  test.each(FILES)('%s that is a pipe is not waited for, and one that is a folder is not read', async (name) => {
    mkdirSync(run);
    execFileSync('mkfifo', ['-m', '600', join(run, name)]);
    await expect(
      refusedUntilMoved(join(run, name), 'pipe, a socket or a device, and must be a file'),
    ).resolves.toBeUndefined();
    mkdirSync(join(run, name));
    await expect(refusedUntilMoved(join(run, name), 'folder, and must be a file', 'plan')).resolves.toBeUndefined();
  });

  test.each(['status', 'status --line', 'plan', 'run --plain', 'release --yes acme', 'logs x', 'report'])(
    'is told by longhaul %s, too, and nothing is made in it',
    async (line) => {
      mkdirSync(run);
      mkdirSync(join(run, 'journal.jsonl'));
      const before = readdirSync(run);
      expect(await typed(line)).toContain('journal.jsonl is a folder, and must be a file');
      expect(readdirSync(run)).toEqual(before);
    },
  );

  test('lanes that is a file, the folder itself, and one above it', async () => {
    mkdirSync(run);
    writeFileSync(join(run, 'lanes'), '', {mode: 0o600});
    await expect(
      refusedUntilMoved(join(run, 'lanes'), 'file, and must be a folder', 'run --plain'),
    ).resolves.toBeUndefined();
    rmSync(run, {recursive: true});
    writeFileSync(run, '', {mode: 0o600});
    await expect(refusedUntilMoved(run, 'file, and must be a folder', 'plan')).resolves.toBeUndefined();
    const text = execFileSync('sed', [`s#^run_directory: .*#run_directory: ${run}/in/it#`, config], {encoding: 'utf8'});
    writeFileSync(config, text);
    writeFileSync(run, '', {mode: 0o600});
    await expect(refusedUntilMoved(run, 'file, and must be a folder', 'run --detach')).resolves.toBeUndefined();
  });

  test.each(['/proc/longhaul', '/dev/null', '/dev/null/run'])('%s is none, and is told at once', async (path) => {
    writeFileSync(config, execFileSync('sed', [`s#^run_directory: .*#run_directory: ${path}#`, config]));
    const told = await typed('run --plain');
    expect(told).toMatch(/cannot be used|is not trusted|must be a folder/);
    expect(told).toContain('set run_directory');
    // What everybody writes to is not to be shut: the machine needs it so.
    expect(told).not.toContain('chmod');
    expect(process.exitCode).toBe(2);
  });

  test('the line for tmux waits for no pipe: neither for a configuration that is one nor for what a supervisor left', () => {
    mkdirSync(run);
    execFileSync('mkfifo', ['-m', '600', join(run, 'line.json'), join(folder, 'pipe.yaml')]);
    for (const path of [config, join(folder, 'pipe.yaml')]) {
      const words = ['--disable-warning=ExperimentalWarning', QUICK_LINE, '--config', path, 'status', '--line'];
      const {status, stderr} = spawnSync(process.execPath, words, {encoding: 'utf8', timeout: 30_000});
      expect(status, stderr).toBe(2);
      expect(stderr).toContain('a pipe');
    }
    expect(existsSync(join(run, 'lanes'))).toBe(false);
  });

  test.each(['null', '{}', '[]', '{"tables": 1', ''])(
    'an inventory that says %j is told, and taken anew',
    async (text) => {
      mkdirSync(run);
      writeFileSync(join(run, 'inventory.json'), text, {mode: 0o600});
      const told = await typed('plan');
      expect(told).toContain('inventory.json cannot be read');
      expect(told).toContain('plan --fresh takes it anew');
      expect(told).not.toMatch(/a bug|    at /);
      expect(process.exitCode).toBe(1);
    },
  );
});

import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {main} from '../../src/cli/main.ts';
import {eventsOf} from '../support/states.ts';

describe('a command that cannot be taken back', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lh-confirm-'));
  const config = join(folder, 'longhaul.yaml');
  const said: string[] = [];
  const SERVERS = ['source', 'replica', 'target'].map((role) => `${role}: host=127.0.0.1 port=1 dbname=app user=ana\n`);
  // A rehearsal asks nothing on its way; what an operator types is asked all the same, as in the console.
  writeFileSync(config, `confirm: never\nrun: acme\nrun_directory: ${join(folder, 'run')}\n${SERVERS.join('')}`);

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
    ['cancel --all', [], 'no lane was ended'],
    ['cancel --all', ['--yes', 'acme '], 'no lane was ended'],
    ['shutdown --lanes', [], 'no lane was ended'],
    ['shutdown --lanes', ['--yes', 'another'], 'the run is not called another'],
    ['resume --replay', [], 'replay was not resumed'],
    ['resume --replay', ['--yes', 'y'], 'the run is not called y'],
    ['accept --all', [], 'nothing was accepted'],
    ['accept --all', ['--yes', 'ACME'], 'nothing was accepted'],
    ['cdc-started', [], 'nothing was recorded'],
    ['cdc-started', ['--yes', 'ACME'], 'nothing was recorded'],
  ])('%s %j wants the name of the run, and does nothing without it', async (command, words, text) => {
    await main(['node', 'longhaul', '--config', config, ...command.split(' '), ...words], {HOME: folder});
    expect(process.exitCode).toBe(2);
    expect(said.join('\n')).toContain(text);
    expect(said.join('\n')).toContain(`${command} --yes acme`);
    // Not even the run's folder was made, nor a server asked.
    expect(existsSync(join(folder, 'run'))).toBe(false);
  });

  test('abort is refused once the target was opened, before any server is asked', async () => {
    mkdirSync(join(folder, 'run'), {mode: 0o700});
    const entries = eventsOf('target being opened').map((event, index) => ({
      seq: index + 1,
      at: '2026-11-24T00:00:00Z',
      ...event,
    }));
    writeFileSync(join(folder, 'run/journal.jsonl'), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    await main(['node', 'longhaul', '--config', config, 'abort', '--yes', 'acme'], {HOME: folder});
    rmSync(join(folder, 'run'), {recursive: true});
    expect(process.exitCode).not.toBe(0);
    expect(said.join('\n')).toContain('the target was opened for writes, or is about to be');
  });

  const cancel = async (...words: string[]): Promise<string> => {
    await main(['node', 'longhaul', '--config', config, 'cancel', '01-users', ...words], {HOME: folder});
    return said.join('\n');
  };

  describe('and a lane that is cancelled', () => {
    beforeEach(() => {
      mkdirSync(join(folder, 'run'), {mode: 0o700});
      const entries = eventsOf('loading').map((event, index) => ({
        seq: index + 1,
        at: '2026-11-24T00:00:00Z',
        ...event,
      }));
      writeFileSync(join(folder, 'run/journal.jsonl'), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    });
    afterEach(() => rmSync(join(folder, 'run'), {recursive: true}));

    test.each([[[]], [['--yes', '02-events']], [['--yes', '1']]])('wants its name or the run’s: %j', async (words) => {
      const text = await cancel(...words);
      expect(process.exitCode).toBe(2);
      expect(text).toContain('runs     jump box: SIGTERM to the processes of 01-users');
      expect(text).toContain('no lane was ended; what they have carried is lost once they are');
      expect(text).toContain('cancel 01-users --yes acme');
    });

    test.each(['acme', '01-users'])('is asked of the supervisor with --yes %s', async (yes) => {
      expect(await cancel('--yes', yes)).toContain('has no running supervisor');
      expect(process.exitCode).toBe(3);
    });
  });
});

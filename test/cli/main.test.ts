import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {main} from '../../src/cli/main.ts';

describe('the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lh main-'));
  const said: string[] = [];

  beforeEach(() => {
    said.length = 0;
    const hear = (text: unknown): boolean => said.push(String(text)) > 0;
    vi.spyOn(console, 'log').mockImplementation(hear);
    vi.spyOn(console, 'error').mockImplementation(hear);
    vi.spyOn(process.stdout, 'write').mockImplementation(hear);
    vi.spyOn(process.stderr, 'write').mockImplementation(hear);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });
  afterAll(() => rmSync(folder, {recursive: true, force: true}));

  async function run(...words: readonly string[]): Promise<{code: unknown; text: string}> {
    await main(['node', 'longhaul', ...words], {HOME: folder});
    return {code: process.exitCode, text: said.join('\n')};
  }

  const config = (text: string): string => {
    const path = join(folder, 'longhaul.yaml');
    writeFileSync(path, text);
    return path;
  };
  const SERVERS =
    'run: acme\nsource: host=127.0.0.1 port=1\nreplica: host=127.0.0.1 port=1\ntarget: host=127.0.0.1 port=1\n';

  test.each([
    ['--version', 0, '0.'],
    ['--help', 0, 'Exit codes'],
    ['lab --help', 0, 'a rehearsal on this machine'],
    ['nonsense', 2, "unknown command 'nonsense'"],
    ['lab up --bogus', 2, "unknown option '--bogus'"],
    ['lab up --size huge', 2, 'huge'],
    ['run --from nowhere', 2, 'There is no such step. The steps are preflight'],
    ['run --until no-such-step', 2, 'There is no such step. The steps are preflight'],
  ])('%s', async (words, code, text) => {
    const ended = await run(...words.split(' '));
    expect(ended.code).toBe(code);
    expect(ended.text).toContain(text);
  });

  test.each([
    ['--from full-load --until copy-schema', 'dms', '--until copy-schema comes before --from full-load'],
    ['--from create-slots', 'none', 'a run with cdc.engine none has no step create-slots'],
    ['--until add-tables', 'none', 'a run with cdc.engine none has no step add-tables'],
  ])('run %s with cdc.engine %s is refused before anything is started', async (words, engine, text) => {
    const path = config(`${SERVERS}cdc: {engine: ${engine}}\n`);
    const ended = await run('--config', path, 'run', ...words.split(' '));
    expect(ended.code).toBe(2);
    expect(ended.text).toContain(text);
  });

  test('steps are those of the configuration, or of the default engine where there is none yet', async () => {
    expect((await run('--config', join(folder, 'nowhere.yaml'), 'steps')).text).toContain('create-slots');
    said.length = 0;
    const ended = await run('--config', config(`${SERVERS}cdc: {engine: none}\n`), 'steps');
    expect(ended.text).toContain('full-load');
    expect(ended.text).not.toContain('create-slots');
  });

  test('doctor packs no run that has no folder, and says what comes first', async () => {
    const path = config(`${SERVERS}run_directory: ${join(folder, 'none')}\n`);
    expect(await run('--config', path, 'doctor')).toMatchObject({code: 2});
    expect(said.join('\n')).toMatch(/run acme has no run folder yet: there is no .*none[^]*longhaul .*check/);
    const {text} = await run('doctor', '--help');
    expect(text).toContain('longhaul doctor --output');
  });

  test('doctor makes its file where no server answers, and never over one that is there', async () => {
    const path = config(`${SERVERS}run_directory: ${folder}\n`);
    const output = join(folder, 'pack.tar.gz');
    expect(await run('--config', path, 'doctor', '--output', output)).toMatchObject({code: undefined});
    expect(said.join('\n')).toContain(`${output} is written`);
    expect(await run('--config', path, 'doctor', '--output', output)).toMatchObject({code: 2});
    expect(said.join('\n')).toContain('is there already');
  });

  test('a file that is not there, or is a folder, is the operator’s to mend', async () => {
    expect(await run('--config', join(folder, 'none.yaml'), 'check')).toMatchObject({code: 2});
    expect(said.join('\n')).toContain('is not there');
    expect(await run('--config', folder, 'check')).toMatchObject({code: 2});
    expect(await run('--config', '/proc/1/none/longhaul.yaml', 'init')).toMatchObject({code: 2});
    expect(said.join('\n')).toContain('what to do: its folder is not there');
    expect(said.join('\n')).not.toContain('a bug');
  });

  test('a server that does not answer is 3, tools that are not there are 2', async () => {
    expect(await run('--config', config(SERVERS), 'check')).toMatchObject({code: 3});
    const missing = await run('--config', config(`${SERVERS}tools: ./none\n`), 'check');
    expect(missing.code).toBe(2);
    expect(missing.text).toContain(`were not found in ${folder}/none`);
  });

  test('commands that are printed carry the --config that was given', async () => {
    const {text} = await run('--config', config(`${SERVERS}run_directory: runs\n`), 'status');
    expect(text).toContain(`longhaul --config '${folder}/longhaul.yaml' run`);
  });
});

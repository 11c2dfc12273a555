import {execFileSync} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type Server} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Command} from 'commander';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {COMMANDS} from '../../src/cli/commands.ts';
import {main} from '../../src/cli/main.ts';

/** These have no run. Every other command, also one that comes later, has to refuse a run folder that others can write. */
const WITHOUT_RUN = ['init', 'steps', 'lab', 'completion', 'help'];
/** A group: its commands are tried below. */
const GROUPS = ['cdc'];

const asRoot = process.getuid?.() === 0;
if (!asRoot) console.warn('not root: nobody else acts here, and foreign run folders are not tried');

const commands = (await Promise.all(COMMANDS.map(async ({load}) => load({HOME: '/nowhere'})))).flat();
const words = commands.filter((one) => ![...WITHOUT_RUN, ...GROUPS].includes(one.name())).map((one) => wordsOf(one));
/** The ways of a command that go other ways than the command alone. */
const WAYS = [
  'status --line',
  'status --json',
  'report --save',
  'plan --sql',
  'run --plain',
  'run --detach',
  'abort --yes acme',
];
const MORE_WAYS = [
  'release --yes acme',
  'release --by-prefix',
  'shutdown --lanes --yes acme',
  'cancel --all --yes acme',
  'cdc pause acme',
  'cdc resume acme',
  'cdc kick acme',
  'cdc skip acme',
];

function wordsOf(command: Command): string {
  const values = command.registeredArguments
    .filter(({required}) => required)
    .map((one) => (one.name() === 'step' ? 'full-load' : 'acme'));
  return [command.name(), ...values].join(' ');
}

describe('a run folder that others can write', () => {
  let folder: string;
  let config: string;
  let run: string;
  let server: Server | null = null;
  const said: string[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lh-others-'));
    [config, run] = [join(folder, 'longhaul.yaml'), join(folder, 'open', 'run')];
    const servers = ['source', 'replica', 'target'].map(
      (role) => `${role}: host=127.0.0.1 port=1 dbname=app user=ana\n`,
    );
    writeFileSync(config, `run: acme\nrun_directory: ${run}\n${servers.join('')}`);
    mkdirSync(run, {recursive: true});
    said.length = 0;
    const hear = (text: unknown): boolean => said.push(String(text)) > 0;
    for (const one of ['log', 'error'] as const) vi.spyOn(console, one).mockImplementation(hear);
    vi.spyOn(process.stdout, 'write').mockImplementation(hear);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
    server?.close();
    server = null;
    rmSync(folder, {recursive: true, force: true});
  });

  const typed = async (line: string): Promise<string> => {
    await main(['node', 'longhaul', '--config', config, ...line.split(' ')], {HOME: folder});
    return said.join('\n');
  };

  test.each([...words, ...WAYS, ...MORE_WAYS])('is believed by no command: longhaul %s', async (line) => {
    let heard = 0;
    server = createServer(() => (heard += 1)).listen(join(run, 'supervisor.sock'));
    writeFileSync(join(run, 'journal.jsonl'), '{"no": "journal"}\n');
    chmodSync(run, 0o777);
    expect(await typed(line)).toContain(
      `the run folder ${run} is not trusted: ${run} may be written by everybody (mode 0777)`,
    );
    expect(said.join('\n')).toContain(`chmod go-w ${run}`);
    expect(process.exitCode).toBe(2);
    expect(heard).toBe(0);
    expect(readdirSync(run).toSorted()).toEqual(['journal.jsonl', 'supervisor.sock']);
  });

  test('is not made by plan out of one that is everybody’s', async () => {
    rmSync(run, {recursive: true});
    chmodSync(join(folder, 'open'), 0o777);
    expect(await typed('plan')).toContain(`${join(folder, 'open')} may be written by everybody`);
    expect(existsSync(run)).toBe(false);
  });

  test.skipIf(!asRoot)(
    'is not believed where another user has made it before, under a name that is free for all',
    async () => {
      rmSync(run, {recursive: true});
      chmodSync(folder, 0o755);
      chmodSync(join(folder, 'open'), 0o1777);
      const journal = '{"journal": "longhaul", "format": 1, "writer": "0.1.0", "oldestReader": 1}';
      const script = `umask 077; mkdir -p ${run}/lanes; echo '${journal}' > ${run}/journal.jsonl`;
      execFileSync('setpriv', ['--reuid=nobody', '--regid=nogroup', '--clear-groups', 'sh', '-c', script]);
      for (const line of ['status', 'release', 'run --detach'])
        expect(await typed(line)).toContain(`${run} belongs to the user with the number`);
    },
  );
});

import {execFileSync, spawnSync} from 'node:child_process';
import {closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, expect, test} from 'vitest';

const LONGHAUL = join(import.meta.dirname, '../../bin/longhaul');
const folder = mkdtempSync(join(tmpdir(), 'lh-launcher-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

test('the line for tmux comes from its own small entry, which the launcher finds', () => {
  const config = join(folder, 'longhaul.yaml');
  writeFileSync(config, 'run: acme\nrun_directory: run\n');
  mkdirSync(join(folder, 'run'));
  const facts = {
    run: 'acme',
    pid: null,
    doing: 'load 3/9',
    wants: '',
    critical: 1,
    warnings: 0,
    boundaryMoved: false,
    silent: [],
    seenAt: null,
  };
  writeFileSync(
    join(folder, 'run', 'line.json'),
    JSON.stringify({...facts, lost: 0, worst: null, fullMinutes: null, etaMinutes: null, etaWhy: ''}),
  );
  // The configuration names no servers: only the small entry does not mind.
  const line = execFileSync(LONGHAUL, ['--config', config, 'status', '--line'], {encoding: 'utf8'});
  expect(line).toBe('1 CRITICAL | acme | NO SUPERVISOR\n');
  expect(existsSync(join(folder, 'run', 'journal.jsonl'))).toBe(false);
});

test('options that Node does not take are told as what they are, not as a Node that is missing', () => {
  const env = {...process.env, NODE_OPTIONS: '--no-such-option'};
  const {status, stdout, stderr} = spawnSync(LONGHAUL, ['--version'], {encoding: 'utf8', env});
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(
    /^longhaul: Node \S+ does not take NODE_OPTIONS='--no-such-option'\n {2}what to do: .*unset NODE_OPTIONS\n$/,
  );
});

test.each(['--help', 'status --json', 'completion bash'])(
  'what %s prints onto a full disk is told as not printed',
  (words) => {
    const config = join(folder, 'full.yaml');
    writeFileSync(config, 'run: acme\nrun_directory: none\nsource: host=a\nreplica: host=b\ntarget: host=c\n');
    const full = openSync('/dev/full', 'w');
    const {status, stderr} = spawnSync(LONGHAUL, ['--config', config, ...words.split(' ')], {
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    expect(status).toBe(1);
    expect(stderr).toContain('what is printed cannot be written: ENOSPC');
    expect(stderr).toContain('make room on the disk of the file that it goes to');
  },
);

test.each([
  ['no HOME', {HOME: undefined, XDG_STATE_HOME: undefined}],
  ['a dumb terminal in C', {TERM: 'dumb', LANG: 'C', LC_ALL: 'C'}],
  ['no TERM', {TERM: undefined, COLUMNS: 'x', LINES: '-1'}],
  ['a folder for the temporary that is not there', {TMPDIR: '/nowhere', TZ: 'No/Where'}],
])('%s keeps nobody from asking for the state', (_, odd) => {
  const config = join(folder, 'odd.yaml');
  writeFileSync(config, 'run: acme\nrun_directory: none-yet\nsource: host=a\nreplica: host=b\ntarget: host=c\n');
  const asked = spawnSync(LONGHAUL, ['--config', config, 'status'], {encoding: 'utf8', env: {...process.env, ...odd}});
  expect(asked.status, asked.stderr).toBe(0);
  expect(asked.stdout).toContain('The run has not begun');
  const named = spawnSync(LONGHAUL, ['--config', config, 'logs', 'straße'], {
    encoding: 'utf8',
    env: {...process.env, ...odd},
  });
  expect(named.status).toBe(2);
  expect(named.stderr).toContain('no unit, running lane or table is called straße');
});

test.each([
  [['-c', '/etc/acme.yaml', 'attach'], 'longhaul --config /etc/acme.yaml attach opens it again.'],
  [
    ["--config=/etc/ana's acme.yaml", 'run'],
    String.raw`longhaul --config '/etc/ana'\''s acme.yaml' attach opens it again.`,
  ],
  [['cutover', '--yes', 'acme'], 'longhaul attach opens it again.'],
])('a console that is killed (%s) says how it is opened again, with its configuration', (words, said) => {
  // A Node that dies at once, as a console does that the kernel ends.
  const node = join(folder, 'node');
  writeFileSync(node, '#!/bin/sh\n[ "$1" = --version ] && echo v24.99.0 && exit\nkill -9 $$\n', {mode: 0o755});
  const command = [LONGHAUL, ...words].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const {stdout} = spawnSync('script', ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    env: {...process.env, LONGHAUL_NODE: node},
  });
  expect(stdout).toContain(said);
});

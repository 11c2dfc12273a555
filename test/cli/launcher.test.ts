import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
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

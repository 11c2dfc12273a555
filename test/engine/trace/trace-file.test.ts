import {existsSync, mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {Secret} from '../../../src/config/secret.ts';
import type {TraceEvent} from '../../../src/domain/base/trace.ts';
import {openTrace} from '../../../src/engine/trace/trace-file.ts';
import {tracedHost} from '../../../src/engine/trace/traced-host.ts';
import {traceLanes} from '../../../src/engine/trace/trace-lanes.ts';

const server = {params: {}, password: new Secret('hush-4711')};
const servers = {source: server, replica: server, target: server};
const asked = (sql: string): TraceEvent => ({
  trace: 'sql',
  server: 'source',
  application: 'longhaul/acme/run',
  event: 'done',
  sql,
  ms: 3,
});

const now = () => 1_700_000_000_000;

describe('the trace of a run', () => {
  let folder: {trace: string};
  let path: string;
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'lh-trace-'));
    folder = {trace: join(path, 'trace.jsonl')};
  });
  afterEach(() => rmSync(path, {recursive: true, force: true}));
  const lines = (file = folder.trace): Record<string, unknown>[] =>
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  test('has what was asked for, with its time, for this user only, and nothing where nothing was asked for', () => {
    openTrace({trace: [], servers}, folder, {now})(asked('SELECT 1'));
    openTrace({trace: ['lanes'], servers}, folder, {now})(asked('SELECT 1'));
    expect(existsSync(folder.trace)).toBe(false);
    openTrace({trace: ['sql'], servers}, folder, {now})(asked('SELECT 1'));
    expect(lines()).toEqual([{at: '2023-11-14T22:13:20.000Z', pid: process.pid, ...asked('SELECT 1')}]);
    expect((statSync(folder.trace).mode & 0o777).toString(8)).toBe('600');
  });

  test('has no password, known or not', () => {
    const trace = openTrace({trace: ['sql'], servers}, folder, {now});
    trace(asked("SELECT pglogical.create_node('n', 'host=a password=other-4712')"));
    trace({...asked('SELECT 1'), event: 'failed', sqlstate: null, message: 'no way in with hush-4711'} as TraceEvent);
    expect(readFileSync(folder.trace, 'utf8')).not.toMatch(/4711|4712/);
    expect(lines()).toHaveLength(2);
  });

  test('never takes more than twice its limit, and keeps the newest', () => {
    const trace = openTrace({trace: ['sql'], servers}, folder, {now, longestBytes: 1000});
    for (let index = 0; index < 50; index += 1) trace(asked(`SELECT ${index}`));
    expect(statSync(folder.trace).size).toBeLessThanOrEqual(1000);
    expect(statSync(`${folder.trace}.1`).size).toBeLessThanOrEqual(1000);
    expect(lines().at(-1)).toMatchObject({sql: 'SELECT 49'});
  });

  test('stops nothing where it cannot be written, and says afterwards how many lines are missing', () => {
    const trace = openTrace({trace: ['sql'], servers}, {trace: join(path, 'file', 'trace.jsonl')}, {now});
    const blocked = join(path, 'file');
    openTrace({trace: ['sql'], servers}, {trace: blocked}, {now})(asked('SELECT 0'));
    trace(asked('SELECT 1'));
    trace(asked('SELECT 2'));
    rmSync(blocked);
    trace(asked('SELECT 3'));
    expect(lines(join(blocked, 'trace.jsonl'))).toMatchObject([{sql: 'SELECT 3', lostBefore: 2}]);
  });

  test('of the host of lanes has each start and each signal, whether it arrived, and no password', async () => {
    const trace = openTrace({trace: ['lanes'], servers}, folder, {now});
    const host = tracedHost(
      {
        start: async (_folder: string, _own: Readonly<Record<string, string>>) => undefined,
        signal: async (_folder: string, _signal: NodeJS.Signals) => false,
        throttle: async (_folder: string, _pv: string, _bytesPerSecond: number) => false,
      },
      trace,
    );
    await host.start('/run/lanes/01-a.b.2', {LONGHAUL_TARGET_PASSWORD: 'other-4714'});
    expect(await host.signal('/run/lanes/01-a.b.2', 'SIGSTOP')).toBe(false);
    expect(lines()).toMatchObject([
      {event: 'lane.started', unit: '01-a.b', facts: {environment: ['LONGHAUL_TARGET_PASSWORD']}},
      {event: 'lane.signalled', unit: '01-a.b', facts: {signal: 'SIGSTOP', arrived: false}},
    ]);
    expect(readFileSync(folder.trace, 'utf8')).not.toContain('4714');
  });

  test('of lanes has starts, ends and why, without what a server quoted of a row', () => {
    const trace = openTrace({trace: ['lanes'], servers}, folder, {now});
    const failure = {
      cause: 'consumer',
      message: 'duplicate key: Bob-4713',
      table: null,
      sqlstate: '23505',
      remedy: '',
      heals: false,
    } as const;
    traceLanes(trace, {
      seq: 1,
      at: '',
      type: 'unit.started',
      unit: '01-a',
      attempt: 1,
      lane: 1,
      folder: '/run/lanes/01-a.1',
    });
    traceLanes(trace, {seq: 2, at: '', type: 'unit.failed', unit: '01-a', attempt: 1, failure, retryAt: null});
    traceLanes(trace, {seq: 3, at: '', type: 'run.done'});
    expect(lines()).toMatchObject([
      {event: 'unit.started', unit: '01-a', facts: {folder: '/run/lanes/01-a.1'}},
      {event: 'unit.failed', unit: '01-a', facts: {failure: {sqlstate: '23505', message: ''}}},
    ]);
    expect(readFileSync(folder.trace, 'utf8')).not.toContain('4713');
  });
});

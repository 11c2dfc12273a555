import {spawn} from 'node:child_process';
import {copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {createLocalHost} from '../../../../src/engine/load/host/local.ts';
import type {UnitState} from '../../../../src/domain/run/run-state.ts';
import {readLaneReadings} from '../../../../src/engine/load/pipeline/lane-readings.ts';
import {readBootId, readProcess} from '../../../../src/engine/load/host/proc.ts';

let folder: string;
let pid: number | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lh-lane-'));
});
afterEach(() => {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  pid = undefined;
  rmSync(folder, {recursive: true});
});

const unitIn = (path: string): UnitState => ({
  id: '01-events',
  kind: 'table',
  tables: [],
  bytes: 1,
  state: {status: 'running', attempt: 1, tries: 1, lane: 1, folder: path, startedAt: '', paused: null},
});

const HOST = createLocalHost({});
const SENT = 3_000_000;

test('a lane’s bytes are what its psql has read from the pipe', async () => {
  // Its name is what makes it the consumer.
  copyFileSync('/bin/cat', join(folder, 'psql'));
  const pipeline = `{ head -c ${SENT} /dev/zero; sleep 60; } | "${join(folder, 'psql')}" > /dev/null`;
  const lane = spawn('sh', ['-c', pipeline], {detached: true, stdio: 'ignore'});
  pid = lane.pid;
  const identity = await readProcess(pid ?? 0);
  writeFileSync(join(folder, 'pid'), `${pid} ${identity?.startTime} ${await readBootId()}\n`);
  writeFileSync(join(folder, 'log'), 'COPY "public"."a" FROM stdin;\nCOPY 12\nCOPY "public"."b" FROM stdin;\n\n');
  const read = async () => (await readLaneReadings(HOST, 'acme', [unitIn(folder)]))[0];
  await expect.poll(async () => (await read())?.bytes, {timeout: 10_000}).toBeGreaterThanOrEqual(SENT);
  expect(await read()).toMatchObject({
    unit: '01-events',
    application: 'longhaul/acme/01-events',
    lastLine: 'COPY "public"."b" FROM stdin;',
  });
  // The loader of a program reads a few kilobytes of libraries.
  expect((await read())?.bytes).toBeLessThan(SENT * 1.02);
});

test('a lane that has ended, or of another boot, is left out', async () => {
  expect(await readLaneReadings(HOST, 'acme', [unitIn(folder)])).toEqual([]);
  const own = await readProcess(process.pid);
  writeFileSync(join(folder, 'pid'), `${process.pid} ${own?.startTime} another-boot\n`);
  expect(await readLaneReadings(HOST, 'acme', [unitIn(folder)])).toEqual([]);
  expect(readFileSync(join(folder, 'pid'), 'utf8')).toContain('another-boot');
});

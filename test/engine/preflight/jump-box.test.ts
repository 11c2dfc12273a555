import {chmodSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {checkMetricsFile, checkPrograms, judgeMemory} from '../../../src/engine/preflight/servers/check-jump-box.ts';
import {judgeSame} from '../../../src/engine/preflight/servers/check-versions.ts';
import {told} from './told.ts';

const folder = mkdtempSync(join(tmpdir(), 'lh-box-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));
const NO_DISKS = {
  source: {command: null, volumeBytes: null},
  replica: {command: null, volumeBytes: null},
  target: {command: null, volumeBytes: null},
};
const alarms = (command: readonly string[] | null) => ({command}) as never;

describe('what the jump box has to have', () => {
  test('a program for alarms or disks that is not there, or may not be run, is said before the night', async () => {
    const there = join(folder, 'page-operator');
    writeFileSync(there, '#!/bin/sh\n');
    const disks = {...NO_DISKS, target: {command: ['no-such-df', '-k'], volumeBytes: null}};
    const findings = await checkPrograms({alarms: alarms([there]), disks}, folder);
    expect(findings.map(({seen}) => seen)).toEqual([
      `alarms.command names ${there}, and there is no such program that this user may run: nobody would be told of an alarm`,
      'disks.target.command names no-such-df, and there is no such program in PATH that this user may run: its free space would stay unknown',
      'less is not installed: the console cannot show a whole log',
    ]);
    chmodSync(there, 0o755);
    writeFileSync(join(folder, 'less'), '#!/bin/sh\n', {mode: 0o755});
    expect(await checkPrograms({alarms: alarms([there]), disks: NO_DISKS}, folder)).toEqual([]);
    expect(await checkPrograms({alarms: alarms(['page-operator', '-x']), disks: NO_DISKS}, folder)).toEqual([]);
  });

  test.each([
    [null, []],
    ['lh.prom', []],
    ['lh.txt', ['w jump box.metrics-name']],
    ['none/lh.prom', ['w jump box.metrics-folder']],
    ['less/lh.prom', ['w jump box.metrics-folder']],
    ['none/lh', ['w jump box.metrics-name', 'w jump box.metrics-folder']],
  ])('the metrics file %s', async (name, expected) => {
    expect(told(await checkMetricsFile(name === null ? null : join(folder, name)))).toEqual(expected);
  });

  test.skipIf(userInfo().uid === 0)('a folder in which nothing may be written is said', async () => {
    expect(told(await checkMetricsFile('/proc/lh.prom'))).toEqual(['w jump box.metrics-folder']);
  });
});

const GB = 1024 ** 3;

describe('memory for index builders', () => {
  test.each([
    ['fit', {builders: 2, eachBytes: GB, memoryBytes: 8 * GB, isGuessed: false}, []],
    [
      'more than half',
      {builders: 5, eachBytes: GB, memoryBytes: 8 * GB, isGuessed: false},
      ['w target.builders-memory'],
    ],
    [
      'beyond the machine',
      {builders: 9, eachBytes: GB, memoryBytes: 8 * GB, isGuessed: false},
      ['b target.builders-memory'],
    ],
    [
      'beyond what it seems to have',
      {builders: 9, eachBytes: GB, memoryBytes: 8 * GB, isGuessed: true},
      ['w target.builders-memory'],
    ],
    ['of nobody knows what', {builders: 9, eachBytes: GB, memoryBytes: 0, isGuessed: true}, []],
  ])('%s', (_, seen, expected) => {
    const findings = judgeMemory({...seen, by: 'each'});
    expect(told(findings)).toEqual(expected);
    for (const {remedy} of findings) expect(remedy).toMatch(/at most (819|455)MB/);
  });

  test('that all of them share is told with what they share', () => {
    const [finding] = judgeMemory({builders: 5, eachBytes: GB, memoryBytes: 8 * GB, isGuessed: false, by: 'all'});
    expect(finding?.seen).toContain('load.memory');
    expect(finding?.remedy).toBe('set load.memory to at most 4095MB in longhaul.yaml');
  });
});

describe('source and target', () => {
  const one = {started: '2026-11-26 10:00:00.123456', port: 5432, database: 'app'};
  test('that are one database are one blocker', () => {
    expect(told(judgeSame(one, one))).toEqual(['b target.is-the-source']);
  });
  test.each([{started: '2026-11-26 10:00:00.123457'}, {port: 5433}, {database: 'app2'}])(
    'that differ in %j are two',
    (other) => {
      expect(judgeSame(one, {...one, ...other})).toEqual([]);
    },
  );
});

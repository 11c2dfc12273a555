import {mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {NEW_RUN} from '../../../src/domain/run/run-state.ts';
import {recall} from '../../../src/probes/judge/recall.ts';
import {createTrends} from '../../../src/probes/out/trends-heard.ts';
import {readBack, readingsFileAt} from '../../../src/probes/out/readings-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lh-probes-'));
});
afterEach(() => {
  rmSync(folder, {recursive: true});
});

describe('readings on disk', () => {
  const at = '2026-11-24T04:00:00.000Z';
  const reading = (message: string): Reading => ({at, probe: 'failed', of: 'slots', message});

  test('never take more than twice their limit', async () => {
    const path = join(folder, 'readings.jsonl');
    const file = readingsFileAt(path, 10_000);
    await Promise.all(Array.from({length: 500}, async (_, n) => file.append(reading(`number ${n}`))));
    expect(readdirSync(folder).toSorted((a, b) => a.localeCompare(b))).toEqual(['readings.jsonl', 'readings.jsonl.1']);
    for (const name of ['readings.jsonl', 'readings.jsonl.1'])
      expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(10_000);
    expect(readFileSync(path, 'utf8')).toContain('number 499');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('are appended to by the next supervisor', async () => {
    const path = join(folder, 'readings.jsonl');
    await readingsFileAt(path).append(reading('one'));
    await readingsFileAt(path).append(reading('two'));
    expect(
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    ).toHaveLength(2);
  });

  test('of another version, and what is none, keep no supervisor from beginning', async () => {
    const path = join(folder, 'readings.jsonl');
    const strange = [
      'null',
      '7',
      '[]',
      '{}',
      `{"at": "${at}"}`,
      `{"at": "${at}", "probe": "weather", "wind": 7}`,
      `{"at": "${at}", "probe": "toString"}`,
      `{"at": "yesterday", "probe": "slots", "currentLsn": "0/1", "slots": []}`,
      ...['slots', 'lanes', 'replica', 'disk', 'runway', 'eta', 'figures', 'alarms'].flatMap((probe) => [
        `{"at": "${at}", "probe": "${probe}"}`,
        `{"at": "${at}", "probe": "${probe}", "server": "source", "slots": 1, "units": [null], "eta": {}, "disk": {}, "runway": {}}`,
      ]),
      `{"at": "${at}", "probe": "slots", "currentLsn": "here", "slots": []}`,
      JSON.stringify(reading('whole')),
      '{"at": "2026-11-2',
    ];
    writeFileSync(path, strange.join('\n'));
    const past = await readBack(path);
    expect(past).toEqual([reading('whole')]);
    const nowMs = Date.parse(at) + 1000;
    expect(recall(past, NEW_RUN, {nowMs, steadyMs: 0}).newest.size).toBe(0);
    expect(createTrends(past, {nowMs}).kept()).toEqual({slots: {}, units: {}});
  });

  test('that cannot be written reject, and can be again later', async () => {
    const file = readingsFileAt(join(folder, 'none', 'readings.jsonl'));
    await expect(file.append(reading('one'))).rejects.toThrow('ENOENT');
  });
});

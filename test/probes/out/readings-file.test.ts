import {mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {NEW_RUN} from '../../../src/domain/run/run-state.ts';
import {recall} from '../../../src/probes/judge/recall.ts';
import {createTrends} from '../../../src/probes/out/trends-heard.ts';
import {parseReading, readBack, readingsFileAt} from '../../../src/probes/out/readings-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lh-probes-'));
});
afterEach(() => {
  rmSync(folder, {recursive: true});
});

const written = (): Reading[] =>
  ['readings.jsonl.1', 'readings.jsonl'].flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .flatMap((line) => parseReading(line)),
  );

describe('readings on disk', () => {
  const at = '2026-11-24T04:00:00.000Z';
  const reading = (message: string): Reading => ({at, probe: 'failed', of: 'slots', message});

  test('are thinned by their age, kind by kind, and never cut off', async () => {
    const path = join(folder, 'readings.jsonl');
    const file = readingsFileAt(path, 100_000);
    const beganMs = Date.parse(at);
    const hours = 30;
    const minutes = Array.from({length: hours * 60 * 2}, (_, n) => new Date(beganMs + n * 30_000).toISOString());
    for (const time of minutes)
      for (const of of ['slots', 'replica']) await file.append({at: time, probe: 'failed', of, message: 'away'});
    const kept = written();
    expect(kept.at(0)?.at).toBe(at);
    expect(kept.at(-1)?.at).toBe(minutes.at(-1));
    const inHour = (hour: number): number =>
      kept.filter((one) => Math.floor((Date.parse(one.at) - beganMs) / 3_600_000) === hour).length;
    expect([inHour(0), inHour(15), inHour(hours - 1)]).toEqual([2 * 6, 2 * 60, 2 * 120]);
    expect(readdirSync(folder).toSorted((a, b) => a.localeCompare(b))).toEqual(['readings.jsonl', 'readings.jsonl.1']);
    for (const name of ['readings.jsonl', 'readings.jsonl.1'])
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(statSync(path).size).toBeLessThanOrEqual(100_000);
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

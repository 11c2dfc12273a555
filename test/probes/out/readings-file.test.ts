import {mkdtempSync, readFileSync, readdirSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {readingsFileAt} from '../../../src/probes/out/readings-file.ts';

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

  test('that cannot be written reject, and can be again later', async () => {
    const file = readingsFileAt(join(folder, 'none', 'readings.jsonl'));
    await expect(file.append(reading('one'))).rejects.toThrow('ENOENT');
  });
});

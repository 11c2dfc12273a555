import {describe, expect, test} from 'vitest';
import {judgeVolume, parseDisk} from '../../../src/probes/watched/disk.ts';

describe('free space from the operator’s command', () => {
  test.each<[string, string, {freeBytes: number; totalBytes: number} | null]>([
    ['two numbers', '100 200\n', {freeBytes: 100, totalBytes: 200}],
    [
      'df with its heading',
      '      Avail  1B-blocks\n  84283273216 270553174016\n',
      {freeBytes: 84283273216, totalBytes: 270553174016},
    ],
    ['a warning above them', 'Warning: Permanently added db1\n1 2', {freeBytes: 1, totalBytes: 2}],
    ['nothing', '', null],
    ['one number', '100', null],
    ['units', '100G 200G', null],
    ['more free than there is', '200 100', null],
    ['three numbers', '1 2 3', null],
  ])('is read from %s', (_, text, expected) => {
    expect(parseDisk(text)).toEqual(expected);
  });

  test('of a configured volume counts databases where they can be on it', () => {
    expect(judgeVolume({totalBytes: 100, data: 50, wal: 20})).toMatchObject({
      freeBytes: 30,
      from: expect.stringContaining('databases and WAL'),
    });
    expect(judgeVolume({totalBytes: 100, data: 900, wal: 20})).toMatchObject({
      freeBytes: 80,
      from: 'volume size in longhaul.yaml less WAL',
    });
    expect(judgeVolume({totalBytes: 100, data: 900, wal: 120}).freeBytes).toBe(0);
  });
});

import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {judgeRoom, judgeTargetRoom} from '../../../src/engine/preflight/servers/check-room.ts';
import {roomToCome, type LoadAhead, type TableBytes} from '../../../src/engine/preflight/servers/room-to-come.ts';
import {told} from './told.ts';

const gb = 1024 ** 3;
const free = (bytes: number | null) => ({freeBytes: bytes, totalBytes: 1000 * gb, from: 'command'});
const table = (name: string, rows: number, indexes = 0): TableBytes => ({schema: 'public', name, rows, indexes});
const nothing: LoadAhead = {
  source: [],
  target: [],
  units: [],
  loaded: [],
  lanes: 2,
  largestIndexes: [],
  builders: 2,
  schema: 0,
};

describe('room on the target', () => {
  test('a first load needs its rows, then its indexes and what their builders sort', () => {
    const source = [table('a', 100, 40), table('b', 50, 10)];
    expect(roomToCome({...nothing, source, largestIndexes: [30, 10, 5], schema: 1})).toEqual({
      rows: 151,
      all: 241,
      twice: 0,
    });
  });

  test('a second load needs the new rows of the largest units in flight beside their old ones, whose indexes go first', () => {
    const source = [table('a', 100, 40), table('b', 50, 10), table('c', 20, 5)];
    const ahead = {...nothing, source, target: source};
    // 170 of rows stay, 55 of indexes go; of a and b, two lanes, 150 lie there twice.
    expect(roomToCome(ahead)).toEqual({rows: 95, all: 95, twice: 150});
    expect(roomToCome({...ahead, lanes: 1})).toMatchObject({twice: 100});
  });

  test('the tables of one unit go with one commit', () => {
    const source = [table('a', 100), table('b', 50), table('c', 20)];
    const ahead = {...nothing, source, target: source, lanes: 1};
    expect(roomToCome({...ahead, units: [[source[1], source[2]].flatMap((one) => one ?? []), []]})).toMatchObject({
      twice: 100,
    });
    expect(roomToCome({...ahead, units: [source]})).toMatchObject({twice: 170});
  });

  test('what is loaded at this P stays, and lacks its indexes until they are built', () => {
    const source = [table('a', 100, 40), table('b', 50, 10)];
    const target = [table('a', 90)];
    const loaded = [{schema: 'public', name: 'a'}];
    expect(roomToCome({...nothing, source, target, loaded})).toEqual({rows: 50, all: 100, twice: 0});
    expect(roomToCome({...nothing, source, target: [table('a', 90, 40)], loaded})).toEqual({
      rows: 50,
      all: 60,
      twice: 0,
    });
  });

  // As a load goes: indexes of what is not loaded are gone; a lane writes the new rows beside the old ones, and a commit frees those.
  test('whatever the sizes and the order, no moment of the load needs more than was said', () => {
    const sizes = fc.array(fc.record({now: fc.nat(1000), old: fc.nat(1000), indexes: fc.nat(100)}), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(sizes, fc.integer({min: 1, max: 4}), (list, lanes) => {
        const source = list.map(({now}, n) => table(String(n), now));
        const target = list.map(({old, indexes}, n) => table(String(n), old, indexes));
        const {rows} = roomToCome({...nothing, source, target, lanes});
        const before = target.reduce((sum, one) => sum + one.rows + one.indexes, 0);
        let held = target.reduce((sum, one) => sum + one.rows, 0);
        for (let from = 0; from < source.length; from += lanes) {
          const flight = source.slice(from, from + lanes);
          held += flight.reduce((sum, one) => sum + one.rows, 0);
          expect(held - before).toBeLessThanOrEqual(rows);
          held -= target.slice(from, from + lanes).reduce((sum, one) => sum + one.rows, 0);
        }
      }),
    );
  });
});

describe('the finding', () => {
  test('the target blocks where the rows do not fit, warns where the indexes do not', () => {
    const needed = {rows: 100 * gb, all: 150 * gb, twice: 0};
    expect(told(judgeTargetRoom(free(90 * gb), needed))).toEqual(['b target.room']);
    expect(told(judgeTargetRoom(free(120 * gb), needed))).toEqual(['w target.room']);
    expect(told(judgeTargetRoom(free(160 * gb), needed))).toEqual([]);
  });
  test('a second attempt is told how much lies there twice, and that fewer lanes want less of it', () => {
    const [finding] = judgeTargetRoom(free(10 * gb), {rows: 12 * gb, all: 20 * gb, twice: 12 * gb});
    expect(finding?.seen).toMatch(
      /^10 GB of 1.0 TB are free, and 12 GB of rows are to come, 12 GB of it because the old/,
    );
    expect(finding?.remedy).toContain('load.lanes');
  });
  test('unknown is told as unknown on every server, with the key that makes it known', () => {
    for (const server of ['source', 'replica', 'target'] as const) {
      const [finding] =
        server === 'target' ? judgeTargetRoom(free(null), {rows: 1, all: 1, twice: 0}) : judgeRoom(server, free(null));
      expect(finding?.severity).toBe('warning');
      expect(finding?.remedy).toContain(`disks.${server}.command`);
    }
    expect(told(judgeRoom('source', 'it ended with 1'))).toEqual(['w source.room']);
  });
});

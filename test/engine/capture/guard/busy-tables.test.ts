import {describe, expect, test} from 'vitest';
import {quoteRelation} from '../../../../src/domain/pg/relation.ts';
import {
  busiestTables,
  readingBusyTables,
  readingTriedTables,
  triedTables,
} from '../../../../src/engine/capture/guard/busy-tables.ts';
import type {Session} from '../../../../src/pg/session/session.ts';
import {relation} from '../../plan/inventory.ts';

const [events, users, reset] = [relation('public.events'), relation('public.users'), relation('public.reset')];
const sentinel = relation('longhaul_cdc.lh_01');
const slots = [{name: 'lh_01', why: '', tables: [users, events, reset, sentinel]}];
const rows = (...counts: readonly (readonly [ReturnType<typeof relation>, number])[]): ReadonlyMap<string, number> =>
  new Map(counts.map(([table, count]) => [quoteRelation(table), count]));

describe('the tables that change most', () => {
  test('are those whose rows grew most, a second; a count that was reset and a sentinel are none', () => {
    const busiest = busiestTables(slots, {
      before: rows([events, 1000], [reset, 500]),
      rows: rows([events, 7000], [users, 60], [reset, 20], [sentinel, 900], [relation('public.others'), 99]),
      tookMs: 60_000,
    });
    expect([...busiest]).toEqual([
      [
        'lh_01',
        [
          {table: 'public.events', rowsPerSecond: 100},
          {table: 'public.users', rowsPerSecond: 1},
        ],
      ],
    ]);
  });

  test('are asked for once a minute, and told from the second time on', async () => {
    let [ms, count, asked] = [0, 0, 0];
    const target = {
      run: async () => {
        asked += 1;
        return [{...events, rows: count}];
      },
    } as unknown as Session;
    const read = readingBusyTables(
      () => ms,
      async () => slots,
    );
    expect([...(await read(target))]).toEqual([]);
    [ms, count] = [30_000, 100];
    expect([...(await read(target))]).toEqual([]);
    [ms, count] = [60_000, 600];
    expect((await read(target)).get('lh_01')).toEqual([{table: 'public.events', rowsPerSecond: 10}]);
    [ms, count] = [61_000, 9000];
    expect((await read(target)).get('lh_01')).toEqual([{table: 'public.events', rowsPerSecond: 10}]);
    expect(asked).toBe(2);
  });
});

describe('the tables that a slot fails at', () => {
  test('are those of its own that are touched meanwhile; a count that was reset and a sentinel are none', () => {
    const seen = {
      nowhere: [],
      before: rows([events, 10], [users, 5], [reset, 500]),
      touches: rows([events, 12], [users, 5], [reset, 20], [sentinel, 900], [relation('public.others'), 99]),
    };
    expect(triedTables(slots, ['lh_01'], seen)).toEqual([{slot: 'lh_01', table: events}]);
    expect(triedTables(slots, ['lh_02'], seen)).toEqual([]);
    const others = relation('public.others');
    expect(triedTables(slots, ['lh_01'], {...seen, nowhere: [others, events]}).map(({table}) => table)).toEqual([
      events,
      others,
    ]);
  });

  test('are asked for only while one is down, twice or more, and never against what was read while all went well', async () => {
    let [ms, touches, asked] = [0, 0, 0];
    const target = {
      run: async () => {
        asked += 1;
        return [{...events, touches}];
      },
    } as unknown as Session;
    const read = readingTriedTables(
      () => ms,
      async () => slots,
      () => [],
    );
    const told = async (atMs: number, count: number, ...down: string[]): Promise<number> => {
      [ms, touches] = [atMs, count];
      return (await read(target, down)).length;
    };
    expect(await told(0, 1)).toBe(0);
    expect(asked).toBe(0);
    expect(await told(1000, 2, 'lh_01')).toBe(0);
    expect(await told(2000, 3, 'lh_01')).toBe(0);
    expect(asked).toBe(1);
    expect(await told(11_000, 3, 'lh_01')).toBe(1);
    expect(await told(12_000, 9)).toBe(0);
    expect(await told(21_000, 9, 'lh_01')).toBe(1);
    // Applied for an hour in between.
    expect(await told(3_600_000, 90_000, 'lh_01')).toBe(0);
    expect(await told(3_610_000, 90_000, 'lh_01')).toBe(0);
  });
});

import {describe, expect, test} from 'vitest';
import {quoteRelation} from '../../../../src/domain/pg/relation.ts';
import {busiestTables, readingBusyTables} from '../../../../src/engine/capture/guard/busy-tables.ts';
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

import {describe, expect, test} from 'vitest';
import {orderOfReading, planWindow} from '../../../../src/engine/cutover/final/window.ts';

const MB = 1024 ** 2;
const table = (name: string, mb: number) => ({name, bytes: mb * MB});
const named = (tables: readonly {name: string}[]): string => tables.map(({name}) => name).join(' ');
const ordered = (...given: Parameters<typeof orderOfReading<ReturnType<typeof table>>>): string[] =>
  orderOfReading(...given).map(({pair, how}) => `${how} ${pair.name}`);

describe('what the last comparison reads while writes are stopped', () => {
  test('is every row where there is time for it, of what was written to first: nothing is counted besides', () => {
    const tables = {written: [table('busy', 20)], others: [table('a', 1), table('b', 2)]};
    expect(ordered(tables, 1_000)).toEqual(['rows busy', 'rows a', 'rows b']);
    expect(planWindow(tables, 1_000)).toMatchObject({counted: [], neither: []});
  });

  test('is every row of what was written to, as far as there is time, and the number of rows of all others, the smallest first', () => {
    const tables = {
      written: [table('busy', 20), table('huge', 500_000)],
      others: [table('small', 1), table('large', 150), table('vast', 900_000)],
    };
    expect(ordered(tables, 1_000)).toEqual([
      'rows busy',
      'count small',
      'count large',
      // Behind that every row of the rest, for as long as it takes.
      'rows huge',
      'rows small',
      'rows large',
      'rows vast',
    ]);
  });

  test('and of what not even a count fits nothing: that is known beforehand', () => {
    const tables = {written: [table('huge', 500_000)], others: [table('small', 1), table('vast', 900_000)]};
    const plan = planWindow(tables, 1_000);
    expect([named(plan.summed), named(plan.counted), named(plan.neither)]).toEqual(['', 'small', 'huge vast']);
  });

  test('is no more than all lanes read together', () => {
    const many = Array.from({length: 40}, (_, n) => table(`t${n}`, 50));
    const {counted, neither} = planWindow({written: [], others: many}, 1_000);
    expect(counted.length + neither.length).toBe(40);
    expect([counted.length > 0, neither.length > 0]).toEqual([true, true]);
  });
});

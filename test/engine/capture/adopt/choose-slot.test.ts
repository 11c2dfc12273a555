import {describe, expect, test} from 'vitest';
import {chooseSlot} from '../../../../src/engine/capture/adopt/choose-slot.ts';

const table = (name: string, schema = 'public') => ({schema, name});
const slot = (name: string, ...tables: readonly {schema: string; name: string}[]) => ({name, tables, why: ''});
const SLOTS = [
  slot('lh_01', table('users', 'app')),
  slot('lh_02', table('users')),
  slot('lh_03', table('events_2026_10')),
];

describe('the slot that a table is adopted into', () => {
  test.each<[string, ReturnType<typeof table>, readonly ReturnType<typeof table>[], string]>([
    ["its parent's", table('born'), [table('events_2026_10')], 'lh_03'],
    ['that of a table which differs in its digits alone', table('events_2026_11'), [], 'lh_03'],
    ['that of a table of its schema', table('born'), [], 'lh_02'],
    ['the first where nothing is alike', table('born', 'other'), [], 'lh_01'],
  ])('is %s', (_, born, relatives, expected) => {
    expect(chooseSlot(SLOTS, born, relatives)).toBe(expected);
  });

  test('is none where there is no slot', () => {
    expect(chooseSlot([], table('born'), [])).toBeNull();
  });
});

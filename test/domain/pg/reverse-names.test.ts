import {expect, test} from 'vitest';
import {reversedPlan, withAdopted} from '../../../src/domain/pg/reverse-names.ts';

const USERS = {schema: 'public', name: 'users'};
const LATE = {schema: 'public', name: 'came_later'};

test('a table that was adopted is in the way back, with the slot that it was adopted into', () => {
  const slots = ['lh_01', 'lh_02'].map((name) => ({name, why: '', tables: name === 'lh_01' ? [USERS] : []}));
  const reversed = reversedPlan(withAdopted(slots, [{table: LATE, slot: 'lh_02'}]), 'longhaul_cdc');
  expect(reversed.map(({name, tables}) => [name, ...tables.map((one) => one.name)])).toEqual([
    ['r_lh_01', 'users', 'r_lh_01'],
    ['r_lh_02', 'came_later', 'r_lh_02'],
  ]);
});

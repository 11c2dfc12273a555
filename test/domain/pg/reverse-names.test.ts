import {expect, test} from 'vitest';
import {reversedPlan} from '../../../src/domain/pg/reverse-names.ts';
import {slotsNow} from '../../../src/domain/pg/slot-plan.ts';

const USERS = {schema: 'public', name: 'users'};
const LATE = {schema: 'public', name: 'came_later'};

test('a table that was adopted is in the way back, with the slot that it was adopted into', () => {
  const slots = ['lh_01', 'lh_02'].map((name) => ({name, why: '', tables: name === 'lh_01' ? [USERS] : []}));
  const reversed = reversedPlan(slotsNow(slots, {adopted: [{table: LATE, slot: 'lh_02'}], gone: []}), 'longhaul_cdc');
  expect(reversed.map(({name, tables}) => [name, ...tables.map((one) => one.name)])).toEqual([
    ['r_lh_01', 'users', 'r_lh_01'],
    ['r_lh_02', 'came_later', 'r_lh_02'],
  ]);
});

test('a table that the source has no more is in no slot, whether it was planned or adopted', () => {
  const slots = [{name: 'lh_01', why: '', tables: [USERS]}];
  const since = {adopted: [{table: LATE, slot: 'lh_01'}], gone: [USERS, LATE]};
  expect(slotsNow(slots, since).map(({tables}) => tables)).toEqual([[]]);
  expect(slotsNow(slots, {...since, gone: [USERS]}).map(({tables}) => tables)).toEqual([[LATE]]);
});

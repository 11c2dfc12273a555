import {expect, test} from 'vitest';
import {judgeWidest} from '../../../src/engine/inventory/judge-widest.ts';
import {table} from '../plan/inventory.ts';
import {told} from '../preflight/told.ts';

const MB = 1024 ** 2;

test.each([
  ['of 511 MB', 511 * MB, []],
  ['of 512 MB, which its newlines may double', 512 * MB, ['w inventory.row-too-wide']],
  ['of a bytea of 511 MB', 2 * 511 * MB, ['w inventory.row-too-wide']],
  ['of a bytea of 512 MB', 2 * 512 * MB, ['b inventory.row-too-wide']],
  ['that was not measured', undefined, []],
])('a row %s', (_, widestRow, expected) => {
  const files = table('public.files', 1, widestRow === undefined ? {} : {widestRow});
  expect(told(judgeWidest({tables: [files]}))).toEqual(expected);
});

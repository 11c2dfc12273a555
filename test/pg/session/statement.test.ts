import {describe, expect, test} from 'vitest';
import {renderStatement, sql} from '../../../src/pg/session/statement.ts';
import {healsWithTime} from '../../../src/pg/session/sqlstate.ts';

describe('a statement for the dry run', () => {
  test('has its values written in', () => {
    expect(renderStatement(sql('SELECT $1, $2, $3, $4', ["it's", 7, null, ['a', 'b']]))).toBe(
      "SELECT 'it''s', 7, NULL, ARRAY['a', 'b']::text[]",
    );
  });

  test('a table called $1 stays what it is', () => {
    expect(renderStatement(sql(`DROP TABLE "a ""$1"".b", '$1'`))).toBe(`DROP TABLE "a ""$1"".b", '$1'`);
  });
});

test.each([
  ['08006', true],
  ['57P01', true],
  ['40P01', true],
  ['53300', true],
  ['53100', false],
  ['23505', false],
  ['42501', false],
  [null, false],
])('SQLSTATE %s is healed by time: %s', (state, heals) => {
  expect(healsWithTime(state)).toBe(heals);
});

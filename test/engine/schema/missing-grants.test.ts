import {describe, expect, test} from 'vitest';
import {judgeGrants} from '../../../src/engine/schema/goal/missing-grants.ts';
import type {GrantRow} from '../../../src/pg/roles/grants.ts';

const grant = (change: Partial<GrantRow>): GrantRow => ({
  revoke: false,
  privilege: 'EXECUTE',
  column: null,
  object: 'ROUTINE ext.soundex(text)',
  schema: 'ext',
  grantee: 'er',
  grantable: false,
  ...change,
});
const judge = (wanted: readonly GrantRow[], there: readonly GrantRow[]) =>
  judgeGrants({wanted, there, database: 'rds', own: 'longhaul'});

describe('privileges that the target lacks', () => {
  test('are named with the statement that grants them', () => {
    const [one, ...more] = judge([grant({})], []);
    expect(more).toEqual([]);
    expect(one?.object).toBe('grant GRANT EXECUTE ON ROUTINE ext.soundex(text) TO "er"');
    expect(one?.remedy).toContain('GRANT EXECUTE ON ROUTINE ext.soundex(text) TO "er"; then longhaul run');
  });

  test('are those that were taken away, too, and those that may be passed on', () => {
    expect(judge([grant({revoke: true, grantee: null})], [])[0]?.object).toContain('REVOKE EXECUTE');
    expect(judge([grant({grantable: true})], [grant({})])[0]?.object).toContain('WITH GRANT OPTION');
  });

  test('are not what is there, under the name that the database has on the target, nor what its owner has', () => {
    const connect = grant({privilege: 'CONNECT', object: 'DATABASE app', schema: null});
    expect(judge([grant({})], [grant({})])).toEqual([]);
    // Who may pass it on there has it: compare-objects tells of the option.
    expect(judge([grant({})], [grant({grantable: true})])).toEqual([]);
    expect(judge([connect], [{...connect, object: 'DATABASE rds'}])).toEqual([]);
    expect(judge([{...connect, grantee: 'longhaul'}], [])).toEqual([]);
  });
});

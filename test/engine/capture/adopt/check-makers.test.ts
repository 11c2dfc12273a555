import {describe, expect, test} from 'vitest';
import {judgeMakers} from '../../../../src/engine/capture/adopt/check-makers.ts';
import {judgeReadOnly} from '../../../../src/engine/capture/guard/check-read-only.ts';

const PUBLISHED = {hasPartman: false, inSets: false};
const checks = (...seen: Parameters<typeof judgeMakers>) => judgeMakers(...seen).map(({check}) => check);
const tables = (...names: readonly string[]) => names.map((name) => ({schema: 'public', name}));

describe('preflight, for change capture that runs', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['months', ['events_2026_09', 'events_2026_10', 'events_2026_11'], ['source.dated']],
    ['days of pg_partman', ['log_p20261101', 'log_p20261102', 'log_p20261103'], ['source.dated']],
    ['two of them alone', ['events_2026_10', 'events_2026_11'], []],
    ['numbers that are no dates', ['shard_01', 'shard_02', 'shard_03', 'part_1', 'part_2', 'part_3'], []],
  ])('tables that are called after %s', (_, names, expected) => {
    expect(checks(tables(...names), PUBLISHED)).toEqual(expected);
  });

  test('pg_partman is named as what makes tables', () => {
    expect(checks([], {...PUBLISHED, hasPartman: true})).toEqual(['source.partman']);
  });

  test('what drops tables by their age is named where they are in replication sets, which keep it from that', () => {
    const inSets = {hasPartman: false, inSets: true};
    const months = tables('events_2026_09', 'events_2026_10', 'events_2026_11');
    expect(checks(months, inSets)).toEqual(['source.dropped', 'source.dated']);
    expect(checks([], {...inSets, hasPartman: true})).toEqual(['source.partman', 'source.dropped']);
    expect(checks(tables('users'), inSets)).toEqual([]);
  });

  test('a role that cannot close the target is told before the run, and a role that writes there all the same', () => {
    const seen = {database: 'app', role: 'longhaul', mayChange: true, exceptions: []};
    expect(judgeReadOnly(seen)).toEqual([]);
    const found = judgeReadOnly({...seen, mayChange: false, exceptions: ['etl']});
    expect(found.map(({check, severity}) => `${check} ${severity}`)).toEqual([
      'target.read-only blocker',
      'target.read-only-exceptions warning',
    ]);
  });
});

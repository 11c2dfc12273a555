import {execFileSync} from 'node:child_process';
import {describe, expect, test} from 'vitest';
import {objectFilter, objectsLeftOut} from '../../../src/engine/load/object-filter.ts';

const roles = {
  owners: ['app', 'postgres', 'we"ird.*[/\\$'],
  grantees: ['app', 'gone', 'reporting'],
  assumable: new Set(['app', 'we"ird.*[/\\$']),
  known: new Set(['app', 'postgres', 'reporting', 'we"ird.*[/\\$']),
};

const DUMP = [
  "SELECT pg_catalog.lo_create('1');",
  'ALTER LARGE OBJECT 1 OWNER TO "postgres";',
  'ALTER LARGE OBJECT 2 OWNER TO "app";',
  'ALTER LARGE OBJECT 3 OWNER TO "we""ird.*[/\\$";',
  'GRANT SELECT ON LARGE OBJECT 1 TO "reporting";',
  'GRANT ALL ON LARGE OBJECT 1 TO "gone" WITH GRANT OPTION;',
  'SET SESSION AUTHORIZATION "app";',
  'GRANT SELECT ON LARGE OBJECT 2 TO PUBLIC;',
  'RESET SESSION AUTHORIZATION;',
  'BEGIN;',
  String.raw`SELECT pg_catalog.lowrite(0, '\x414c544552');`,
  'COMMIT;',
];

describe('a dump of large objects', () => {
  test('passes through sed without what would end the transaction or fail on the target', () => {
    const args = objectFilter(roles).flatMap((expression) => ['-e', expression]);
    const out = execFileSync('sed', args, {input: `${DUMP.join('\n')}\n`, encoding: 'utf8'})
      .trimEnd()
      .split('\n');
    expect(out).toEqual([DUMP[0], DUMP[2], DUMP[3], DUMP[4], DUMP[7], DUMP[10]]);
  });

  test('says what of ownership and grants stays behind', () => {
    expect(objectsLeftOut(roles)).toEqual([
      'those of role postgres become ours',
      'grants to role gone, which is not there, go',
    ]);
  });
});

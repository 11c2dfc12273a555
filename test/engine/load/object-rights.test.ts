import {describe, expect, test} from 'vitest';
import {frameObjects, objectsLeftOut, type ObjectsSeen} from '../../../src/engine/load/object-rights.ts';

const group = (owner: string, oids: string | null, grantee?: string) => ({
  key: owner,
  owner,
  oids,
  objects: 1,
  owned: null,
  grants: grantee === undefined ? [] : [{grantee, privilege: 'SELECT', grantable: false}],
});
const seen = (...groups: ObjectsSeen['groups']): ObjectsSeen => ({
  groups,
  comments: [],
  assumable: new Set(['app', 'it"s']),
  known: new Set(['app', 'reporting', 'postgres']),
  own: 'longhaul',
});

describe('large objects', () => {
  test('of one role are made as that role, without a lock for each', () => {
    expect(frameObjects(seen(group('app', null)))).toEqual({
      before: 'SET LOCAL ROLE "app";\n',
      after: '\nRESET ROLE;\n',
    });
  });

  test('of several roles are given away by their numbers; what ours may not give away stays ours and is named', () => {
    const some = seen(group('app', null), group('it"s', '{7,8}', 'reporting'), group('postgres', '{9}', 'gone'));
    const {before, after} = frameObjects(some);
    expect(before).toBe('SET LOCAL ROLE "app";\n');
    expect(after).toContain(`OWNER TO "it""s"`);
    expect(after).toContain(`GRANT SELECT ON LARGE OBJECT`);
    expect(after).toContain('{7,8}');
    expect(after).toContain(`{9}`);
    expect(after).toContain('OWNER TO "longhaul"');
    expect(after).not.toContain('"postgres"');
    expect(after).not.toContain('"gone"');
    expect(objectsLeftOut(some)).toEqual([
      'those of role postgres become ours',
      'grants to role gone, which is not there, go',
    ]);
  });

  test('from which their owner was taken a right, or to whom it was given to give on, are so on the target', () => {
    const read = {privilege: 'SELECT', grantable: true};
    const some = seen(
      {...group('app', null), owned: []},
      {...group('it"s', '{7}'), owned: [read]},
      {...group('postgres', '{9}'), owned: [read]},
    );
    const {after} = frameObjects(some);
    expect(after).toContain(`FROM "app"`);
    expect(after).not.toContain(`TO "app"`);
    expect(after).toMatch(/OWNER TO "it""s".*REVOKE ALL ON LARGE OBJECT.*FROM "it""s".*TO "it""s" WITH GRANT OPTION/);
    // What stays ours has nothing of its owner's.
    expect(after).not.toContain('"postgres"');
  });

  test('are spoken of as on the source, by the role that has made them', () => {
    const some = {...seen(group('app', null)), comments: [{oid: '7', comment: "it's \\ one"}]};
    expect(frameObjects(some).after).toBe("\nCOMMENT ON LARGE OBJECT 7 IS E'it''s \\\\ one';\nRESET ROLE;\n");
  });

  test('none at all need nothing', () => {
    expect(frameObjects(seen())).toEqual({before: '', after: '\nRESET ROLE;\n'});
  });
});

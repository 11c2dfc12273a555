import {describe, expect, test} from 'vitest';
import type {Roles} from '../../../src/engine/compare/objects/describe-facts.ts';
import {judgeGrantors} from '../../../src/engine/compare/objects/grantors.ts';
import {
  differBeyond,
  judgeComments,
  judgeLargeObjects,
} from '../../../src/engine/compare/objects/large-object-owners.ts';
import {judgeDefaults, muteOwners, tooMany} from '../../../src/engine/compare/objects/privileges.ts';
import {revokedThere} from '../../../src/engine/compare/objects/revoked.ts';

const ROLES: Roles = {own: 'longhaul', bootstrap: 'postgres', assumable: new Set(['longhaul', 'app'])};

function said(oid: string, comment: string): {oid: string; comment: string} {
  return {oid, comment};
}

/** A default privilege of somebody. */
const DEFAULT = {
  inSchema: null,
  revoke: false,
  privilege: 'SELECT',
  objects: 'TABLES',
  grantee: 'reporting',
  grantable: false,
};

describe('large objects and default privileges', () => {
  test('are named one by one', () => {
    const one = {oid: '7', owner: 'app', privileges: null};
    expect(judgeLargeObjects([one], [one])).toEqual([]);
    expect(judgeLargeObjects([one], [{...one, owner: 'b'}]).map(({object, differs}) => `${object} ${differs}`)).toEqual(
      ['large object 7 has another owner'],
    );
    expect(judgeLargeObjects([one], []).map(({differs}) => differs)).toEqual(['is not there']);
  });

  test('are told where something else is said of them, and not beyond what was read', () => {
    expect(judgeComments([said('7', 'a')], [said('7', 'a')])).toEqual([]);
    expect(judgeComments([said('7', 'a')], [])).toMatchObject([
      {
        object: 'large object 7',
        differs: 'has another comment',
        statement: "COMMENT ON LARGE OBJECT 7 IS 'a'",
        creates: true,
      },
    ]);
    expect(judgeComments([said('7', 'a')], [said('7', 'b')])).toMatchObject([{creates: false}]);
    expect(judgeComments([], [said('7', 'b')])).toMatchObject([
      {statement: 'COMMENT ON LARGE OBJECT 7 IS NULL', creates: false},
    ]);
    const many = Array.from({length: 200_000}, (_, at) => said(String(at + 1), 'a'));
    expect(judgeComments([...many, said('900000', 'a')], many)).toEqual([]);
  });

  test('that differ where none is named one by one are told by their numbers', () => {
    expect(differBeyond(200_001, 200_002)).toMatchObject({
      object: 'large objects',
      why: expect.stringMatching(/^200,001 on the source, 200,002 on the target; the first 200,000 /),
    });
  });

  test('of a role that ours may not speak for, or for one that is not there, are no difference', () => {
    const row = {...DEFAULT, owner: 'app'};
    const judged = (wanted: (typeof row)[], there: (typeof row)[]): string[] =>
      judgeDefaults(wanted, there, {
        known: new Set(['reporting']),
        ofSource: new Set(['app', 'postgres']),
        roles: ROLES,
      }).map(({differs}) => differs);
    expect(judged([row], [])).toEqual(['is not so']);
    expect(judged([], [row])).toEqual(['is on the target only']);
    expect(judged([{...row, owner: 'postgres'}], [])).toEqual([]);
    expect(judged([{...row, grantee: 'gone'}], [])).toEqual([]);
    // Ours could not have given it, and it is not the platform's either.
    expect(judged([], [{...row, owner: 'postgres'}])).toEqual(['is on the target only']);
    expect(judged([], [{...row, owner: 'rdsadmin'}])).toEqual([]);
  });

  test('that only the target gives are taken back, or only the option to pass them on', () => {
    const row = {
      revoke: false,
      privilege: 'SELECT',
      column: null,
      object: 'TABLE public.t',
      schema: 'public',
      grantee: 'app',
      grantable: true,
    };
    const back = (wanted: (typeof row)[]): string[] => tooMany(wanted, [row], 'app').map(({remedy}) => remedy);
    expect(back([])).toEqual([expect.stringContaining('on the target: REVOKE SELECT ON TABLE public.t FROM "app"')]);
    expect(back([{...row, grantable: false}])).toEqual([
      expect.stringContaining('on the target: REVOKE GRANT OPTION FOR SELECT ON TABLE public.t FROM "app"'),
    ]);
    expect(back([row])).toEqual([]);
    // That he may pass it on is missing, and nothing is too much.
    expect(tooMany([row], [{...row, grantable: false}], 'app')).toEqual([]);
  });

  test('that nobody has granted and somebody has taken on the target are missing; not those of what the source has not, nor of the schema public', () => {
    const row = {
      revoke: true,
      privilege: 'EXECUTE',
      column: null,
      object: 'ROUTINE public.f(integer)',
      schema: 'public',
      grantee: null,
      grantable: false,
    };
    const told = (there: typeof row, wanted: (typeof row)[] = []): (string | null)[] =>
      revokedThere(wanted, [there], {objects: new Set(['public.f(integer)', 'public']), database: 'new'}).map(
        ({statement}) => statement,
      );
    expect(told(row)).toEqual(['GRANT EXECUTE ON ROUTINE public.f(integer) TO PUBLIC']);
    expect(told(row, [row])).toEqual([]);
    expect(told({...row, revoke: false})).toEqual([]);
    // It may be what keeps others off until the cutover.
    expect(revokedThere([], [row], {objects: new Set(['public.f(integer)']), database: 'new'})).toMatchObject([
      {creates: false},
    ]);
    expect(told({...row, object: 'ROUTINE public.of_extension()'})).toEqual([]);
    expect(told({...row, object: 'SCHEMA public', privilege: 'CREATE'})).toEqual([]);
    expect(told({...row, object: 'DATABASE new', privilege: 'CONNECT'})).toEqual([
      'GRANT CONNECT ON DATABASE "new" TO PUBLIC',
    ]);
    expect(
      told({...row, object: 'DATABASE new', privilege: 'CONNECT'}, [
        {...row, object: 'DATABASE old', privilege: 'CONNECT'},
      ]),
    ).toEqual([]);
  });

  test('of a role that ours may not speak for are only said to be missing where they are', () => {
    const row = {...DEFAULT, owner: 'postgres'};
    expect(muteOwners([row, {...row, privilege: 'INSERT'}], [row], ROLES)).toEqual(['postgres']);
    expect(muteOwners([row], [row], ROLES)).toEqual([]);
    expect(muteOwners([{...row, owner: 'app'}], [], ROLES)).toEqual([]);
  });
});

test('a privilege that was given again by somebody who has not given it on the source is a difference; one that the owner gives in his place is not', () => {
  const row = {
    privilege: 'SELECT',
    column: null,
    object: 'TABLE public.t',
    grantee: 'reporting',
    grantor: 'app',
    alsoByOwner: true,
  };
  const roles = {
    ofSource: new Set(['app', 'bo', 'reporting']),
    known: new Set(['app', 'bo', 'reporting', 'rdsadmin']),
    database: 'new',
  };
  const judged = (wanted: (typeof row)[], there: (typeof row)[]) => judgeGrantors({wanted, there, ...roles});
  expect(judged([row], [row])).toEqual({differences: [], expected: []});
  const {differences, expected} = judged([row], [{...row, grantor: 'bo'}]);
  expect(differences.map(({object, differs, remedy}) => [object, differs, remedy])).toEqual([
    [
      'grant GRANT SELECT ON TABLE public.t TO "reporting", given by bo',
      'is on the target only',
      'when that is not wanted, on the target: SET ROLE "bo"; REVOKE SELECT ON TABLE public.t FROM "reporting"; RESET ROLE; then longhaul run',
    ],
  ]);
  expect(expected).toEqual([
    'given by role app on the source, by the owner on the target, who alone takes it back there: GRANT SELECT ON TABLE public.t TO "reporting"',
  ]);
  // The platform's own, and what stays behind.
  expect(judged([], [{...row, grantor: 'rdsadmin'}]).differences).toEqual([]);
  // The server chose the grantor: what ours gave for the owner, and what a role was given by itself.
  expect(judged([], [{...row, alsoByOwner: false}]).differences).toEqual([]);
  expect(judged([], [{...row, grantee: 'app'}]).differences).toEqual([]);
  expect(judged([{...row, grantee: 'gone'}], []).expected).toEqual([]);
  const database = {...row, object: 'DATABASE app'};
  expect(judged([database], [{...database, object: 'DATABASE new'}])).toEqual({differences: [], expected: []});
});

import {describe, expect, test} from 'vitest';
import {planOwnership, type OwnershipSeen} from '../../../src/engine/schema/copy/ownership.ts';
import {renderStatement} from '../../../src/pg/session/statement.ts';

const nothing: OwnershipSeen = {
  database: 'app',
  own: 'longhaul',
  objects: [],
  grants: [],
  defaults: [],
  known: new Set(['app', 'longhaul', 'reporting']),
  assumable: new Set(['app', 'longhaul']),
  creators: new Set(['longhaul']),
};
const table = (identity: string, owner: string) => ({kind: 'table', identity, schema: 'public', name: null, owner});
const grant = (grantee: string | null, change = {}) => ({
  revoke: false,
  privilege: 'SELECT',
  column: null,
  object: 'TABLE public.events',
  schema: 'public',
  grantee,
  grantable: false,
  ...change,
});
const texts = (seen: Partial<OwnershipSeen>): string[] =>
  planOwnership({...nothing, ...seen}).statements.map((statement) => renderStatement(statement));

describe('owners and grants', () => {
  test('an owner gets the right to create for as long as it takes, and grants come after that', () => {
    expect(
      texts({
        objects: [table('public.events', 'app')],
        grants: [grant('app', {privilege: 'CREATE', object: 'SCHEMA public'})],
      }),
    ).toEqual([
      'GRANT CREATE ON DATABASE "app" TO "app"',
      'GRANT CREATE ON SCHEMA "public" TO "app"',
      'ALTER TABLE public.events OWNER TO "app"',
      'REVOKE CREATE ON SCHEMA "public" FROM "app"',
      'REVOKE CREATE ON DATABASE "app" FROM "app"',
      'GRANT CREATE ON SCHEMA public TO "app"',
    ]);
  });

  test('an owner of a schema keeps what he may do in it', () => {
    const schema = {kind: 'schema', identity: 'public', schema: null, name: 'public', owner: 'app'};
    expect(texts({objects: [schema, table('public.events', 'app')]})).not.toContain(
      'REVOKE CREATE ON SCHEMA "public" FROM "app"',
    );
  });

  test('what belongs to a role that ours may not assume stays ours and is named', () => {
    const {statements, leftOut} = planOwnership({...nothing, objects: [table('public.events', 'postgres')]});
    expect(statements).toEqual([]);
    expect(leftOut).toEqual([
      'table public.events: owned by postgres on the source, by the role that restores it on the target',
    ]);
  });

  test('a grant to a role that is not there goes and is named once; PUBLIC, columns, options and revocations stay', () => {
    const grants = [
      grant('gone'),
      grant('gone', {privilege: 'INSERT'}),
      grant(null),
      grant('reporting', {column: 'a"b', grantable: true}),
      grant(null, {revoke: true, privilege: 'EXECUTE', object: 'ROUTINE public.f()'}),
    ];
    expect(texts({grants})).toEqual([
      'GRANT SELECT ON TABLE public.events TO PUBLIC',
      'GRANT SELECT ("a""b") ON TABLE public.events TO "reporting" WITH GRANT OPTION',
      'REVOKE EXECUTE ON ROUTINE public.f() FROM PUBLIC',
    ]);
    expect(planOwnership({...nothing, grants}).leftOut).toEqual(['grants to role gone, which is not on the target']);
  });

  test('default privileges are those of roles that ours may speak for', () => {
    const one = {
      inSchema: 'billing',
      revoke: false,
      privilege: 'SELECT',
      objects: 'TABLES',
      grantee: 'reporting',
      grantable: false,
    };
    expect(
      texts({
        defaults: [
          {...one, owner: 'app'},
          {...one, owner: 'postgres'},
        ],
      }),
    ).toEqual(['ALTER DEFAULT PRIVILEGES FOR ROLE "app" IN SCHEMA "billing" GRANT SELECT ON TABLES TO "reporting"']);
  });

  test('a role whose name holds another statement is a name and nothing else', () => {
    const role = 'eve\nDROP TABLE public.events; --"';
    const seen = {known: new Set([role]), assumable: new Set([role]), objects: [table('public.events', role)]};
    expect(texts(seen)).toContain('ALTER TABLE public.events OWNER TO "eve\nDROP TABLE public.events; --"""');
  });
});

import {describe, expect, test} from 'vitest';
import {leftOut, otherwise, planGlobals, type GlobalsSeen} from '../../../src/engine/schema/copy/globals.ts';
import {createRole, type RoleRow} from '../../../src/pg/roles/roles.ts';
import {renderStatement} from '../../../src/pg/session/statement.ts';

const role = (name: string, change: Partial<RoleRow> = {}): RoleRow => ({
  role: name,
  superuser: false,
  inherit: true,
  createRole: false,
  createDatabase: false,
  login: false,
  replication: false,
  bypassRls: false,
  connectionLimit: -1,
  validUntil: null,
  ...change,
});
const none = {memberships: [], settings: [], extras: {connectionLimit: -1, comment: null}};
const seen: GlobalsSeen = {
  roles: [role('app'), role('owner')],
  known: new Set(['app', 'pg_monitor']),
  source: none,
  target: none,
  database: 'shop',
};
const member = (of: string, who: string, change = {}) => ({
  role: of,
  member: who,
  admin: false,
  inherit: null,
  set: null,
  ...change,
});
const setting = (who: string | null, text: string) => ({role: who, inDatabase: true, setting: text});
const texts = (change: Partial<GlobalsSeen>): string[] =>
  planGlobals({...seen, ...change}).statements.map((statement) => renderStatement(statement));

describe('roles of the source on the target', () => {
  test('those that are missing are made', () => {
    expect(planGlobals(seen).missing.map((one) => one.role)).toEqual(['owner']);
  });

  test.each<[string, RoleRow, boolean, string]>([
    [
      'with what it has',
      role('a', {login: true, createRole: true, validUntil: 'infinity'}),
      false,
      `CREATE ROLE "a" LOGIN INHERIT NOCREATEDB CREATEROLE CONNECTION LIMIT -1 VALID UNTIL 'infinity'`,
    ],
    [
      'without what was refused',
      role('a', {createDatabase: true, createRole: true, connectionLimit: 3}),
      true,
      'CREATE ROLE "a" NOLOGIN INHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 3',
    ],
  ])('%s', (_, row, plain, text) => {
    expect(renderStatement(createRole(row, {plain}))).toBe(text);
  });

  test('memberships come with their options, not twice, and not of roles that are nowhere', () => {
    const memberships = [
      member('owner', 'app', {admin: true}),
      member('pg_monitor', 'app', {inherit: false, set: true}),
      member('gone', 'app'),
      member('app', 'owner'),
    ];
    expect(texts({source: {...none, memberships}, target: {...none, memberships: [member('app', 'owner')]}})).toEqual([
      'GRANT "owner" TO "app" WITH ADMIN OPTION',
      'GRANT "pg_monitor" TO "app" WITH INHERIT FALSE, SET TRUE',
    ]);
  });

  test('settings come also where every role is there; what the target has under the name stays', () => {
    const settings = [
      setting(null, 'statement_timeout=2h'),
      setting('app', 'work_mem=1GB'),
      setting('gone', 'work_mem=1GB'),
    ];
    expect(
      texts({source: {...none, settings}, target: {...none, settings: [setting('app', 'work_mem=64MB')]}}),
    ).toEqual([`ALTER DATABASE "shop" SET "statement_timeout" TO '2h'`]);
  });

  test('the limit and the comment of the database come where the target has none', () => {
    const extras = {connectionLimit: 50, comment: "the shop's"};
    expect(texts({source: {...none, extras}})).toEqual([
      'ALTER DATABASE "shop" CONNECTION LIMIT 50',
      `COMMENT ON DATABASE "shop" IS 'the shop''s'`,
    ]);
    expect(texts({source: {...none, extras}, target: {...none, extras: {connectionLimit: 9, comment: 'x'}}})).toEqual(
      [],
    );
  });

  test('a role that is there with other attributes is told, and left as it is', () => {
    const there = [role('app', {login: false, validUntil: 'infinity'}), role('other')];
    expect(otherwise([role('app', {login: true}), role('owner')], there)).toEqual([
      'role app is on the target with another LOGIN, and stays as it is there',
    ]);
  });

  test('what cannot come is told', () => {
    expect(leftOut(role('boss', {superuser: true, login: true}))).toEqual([
      'role boss loses SUPERUSER: a managed server does not give them',
      'role boss gets no password: set one on the target before cutover (\\password)',
    ]);
  });
});

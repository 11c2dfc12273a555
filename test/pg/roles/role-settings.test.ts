import {describe, expect, test} from 'vitest';
import {applySetting, splitNames} from '../../../src/pg/roles/role-settings.ts';
import {renderStatement} from '../../../src/pg/session/statement.ts';

describe('a setting of a role or a database', () => {
  test.each([
    ['"my-schema", public', ['my-schema', 'public']],
    ['"$user", "a""b, c"', ['$user', 'a"b, c']],
    ['""', ['']],
    ['', ['']],
  ])('the list %s', (list, names) => {
    expect(splitNames(list)).toEqual(names);
  });

  test.each([
    ['app', false, 'search_path="my-schema", public', `ALTER ROLE "app" SET "search_path" TO 'my-schema', 'public'`],
    ['app', true, 'search_path=""', `ALTER ROLE "app" IN DATABASE "shop" SET "search_path" TO ''`],
    [null, true, 'DateStyle=ISO, DMY', `ALTER DATABASE "shop" SET "DateStyle" TO 'ISO, DMY'`],
    ['app', false, 'app.label=it\'s = "so"', `ALTER ROLE "app" SET "app"."label" TO 'it''s = "so"'`],
    ['app', false, 'app.jwt_secret=hush', `ALTER ROLE "app" SET "app"."jwt_secret" TO '***'`],
  ])('%s, in the database: %s, %s', (role, inDatabase, setting, text) => {
    expect(renderStatement(applySetting({role, inDatabase, setting}, 'shop'))).toBe(text);
  });

  test('a secret goes to the server all the same', () => {
    expect(applySetting({role: 'app', inDatabase: false, setting: 'app.jwt_secret=hush'}, 'shop').text).toContain(
      "'hush'",
    );
  });
});

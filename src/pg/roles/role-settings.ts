import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** One setting of a role, of the database, or of a role in it. */
export interface SettingRow {
  /** Null is everybody in the database. */
  readonly role: string | null;
  /** Whether it holds in this database alone. */
  readonly inDatabase: boolean;
  /** As the catalog has it: `search_path="my-schema", public`. */
  readonly setting: string;
}

/** Every setting of roles and of this database; those of roles in other databases are not ours. */
export function readRoleSettings(): Statement<SettingRow> {
  return sql(`
    SELECT r.rolname::text AS "role", s.setdatabase <> 0 AS "inDatabase", one AS "setting"
      FROM pg_db_role_setting s
      LEFT JOIN pg_database d ON d.oid = s.setdatabase
      LEFT JOIN pg_roles r ON r.oid = s.setrole
      CROSS JOIN LATERAL unnest(s.setconfig) AS one
     WHERE (s.setdatabase = 0 OR d.datname = current_database()) AND (s.setrole = 0 OR r.oid IS NOT NULL)
     ORDER BY 1 NULLS FIRST, 2, 3`);
}

/** `search_path="my-schema", public` → `search_path`. Pure. */
export function settingName({setting}: Pick<SettingRow, 'setting'>): string {
  return setting.slice(0, setting.indexOf('='));
}

/** Settings whose value is a list of quoted names. Source: guc_parameters.dat, GUC_LIST_QUOTE. */
const LISTS = [
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
];

/** Extensions keep passwords and keys in their own settings. */
const SECRET = /pass(word|wd|phrase)?|secret|token|credential|api_?key|private_?key|jwt/i;

/** Gives a role or the database its setting; people do not see the value where the name says that it is a secret. */
export function applySetting({role, inDatabase, setting}: SettingRow, database: string): Statement {
  const name = settingName({setting});
  const value = setting.slice(name.length + 1);
  const place = ` DATABASE ${quoteIdentifier(database)}`;
  const whose = role === null ? place : ` ROLE ${quoteIdentifier(role)}${inDatabase ? ` IN${place}` : ''}`;
  // A setting of an extension has a dot in its name, and each part is quoted.
  const quoted = name.split('.').map((part) => quoteIdentifier(part));
  const text = (written: string): string => `ALTER${whose} SET ${quoted.join('.')} TO ${written}`;
  const values = LISTS.includes(name.toLowerCase()) ? splitNames(value) : [value];
  const written = values.map((one) => quoteLiteral(one).trimStart()).join(', ');
  const statement = sql(text(written));
  return isSecretSetting({setting}) ? {...statement, shown: text("'***'")} : statement;
}

/** Sets it for this statement alone: whether the server knows it, takes its value, and lets the role that asks have it. */
export function trySetting({setting}: Pick<SettingRow, 'setting'>): Statement {
  const name = settingName({setting});
  return {
    ...sql('SELECT set_config($1, $2, true)', [name, setting.slice(name.length + 1)]),
    shown: `SELECT set_config(${quoteLiteral(name)}, …, true)`,
  };
}

/**
 * Those of these names that the server lets nobody but a superuser set for a role or a database, though any session may for itself: no extension that is loaded has them.
 * Source: src/backend/utils/misc/guc.c, validate_option_array_item
 */
export function readNobodysSettings(version: ServerVersion, names: readonly string[]): Statement<{name: string}> {
  return sql(
    `SELECT n.name AS "name" FROM unnest($1::text[]) AS n(name)
      WHERE NOT EXISTS (SELECT FROM pg_settings s WHERE lower(s.name) = lower(n.name))
        AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AND NOT ${pick('maySetParameter', version)}`,
    [[...names]],
  );
}

/** Whether its value is shown to nobody, for its name says that it is a secret. Pure. */
export function isSecretSetting(row: Pick<SettingRow, 'setting'>): boolean {
  return SECRET.test(settingName(row));
}

/** The names of a list as SHOW writes it: `"my-schema", public` → `my-schema`, `public`; an empty one is one empty name. Pure. */
export function splitNames(list: string): string[] {
  const names = [...list.matchAll(/"((?:[^"]|"")*)"|([^\s,"]+)/g)].map(
    ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain,
  );
  return names.length === 0 ? [''] : names;
}

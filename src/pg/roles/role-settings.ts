import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import {sql, type Statement} from '../session/statement.ts';

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

/**
 * Whether the server knows it, takes its value, and lets the role that asks have it; nothing is left of it. What an extension may have made, or nobody, is tried as it will be set: a session may set it for
 * itself, and for the next ones nobody but a superuser. Source: src/backend/utils/misc/guc.c, validate_option_array_item
 */
export function trySetting(row: Pick<SettingRow, 'setting'>, database: string): Statement {
  const name = settingName(row);
  if (!name.includes('.'))
    return {
      ...sql('SELECT set_config($1, $2, true)', [name, row.setting.slice(name.length + 1)]),
      shown: `SELECT set_config(${quoteLiteral(name)}, …, true)`,
    };
  const {text, shown} = applySetting({...row, role: null, inDatabase: true}, database);
  return {...sql(undone(text)), shown: undone(shown ?? text)};
}

/** Does a statement and takes it back, in one statement. */
function undone(statement: string): string {
  const body = `BEGIN EXECUTE ${quoteLiteral(statement)}; RAISE EXCEPTION USING ERRCODE = 'LH000'; EXCEPTION WHEN SQLSTATE 'LH000' THEN NULL; END`;
  return `DO ${quoteLiteral(body).trimStart()}`;
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

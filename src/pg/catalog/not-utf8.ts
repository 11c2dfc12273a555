import {sql, type Statement} from '../session/statement.ts';

/** Text as its bytes in hexadecimal: `é` in Latin 1 is `e9`. */
export interface BytesRow {
  readonly kind: string;
  readonly name: string;
  readonly text: string;
}

/**
 * Names, definitions and comments of a database in SQL_ASCII, which keeps whatever bytes it was given. As bytes, because a session in UTF8
 * is refused a text that is none. `name` is that of the object, `text` its definition.
 */
export function readBytes(): Statement<BytesRow> {
  const places: readonly (readonly [kind: string, name: string, text: string, from: string])[] = [
    ['schema', 'n.nspname', "''", 'pg_namespace n WHERE true'],
    ['relation', 'c.relname', "''", `${OF_CLASS} WHERE true`],
    [
      'column',
      "c.relname || '.' || a.attname",
      "''",
      `pg_attribute a JOIN ${OF_CLASS} ON c.oid = a.attrelid WHERE a.attnum > 0`,
    ],
    ['type', 't.typname', "''", 'pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE true'],
    [
      'enum value',
      "t.typname || '.' || e.enumlabel",
      "''",
      'pg_enum e JOIN pg_type t ON t.oid = e.enumtypid JOIN pg_namespace n ON n.oid = t.typnamespace WHERE true',
    ],
    ['function', 'p.proname', "''", 'pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE true'],
    [
      'index',
      'x.relname',
      'pg_get_indexdef(i.indexrelid)',
      `pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN ${OF_CLASS} ON c.oid = i.indrelid WHERE true`,
    ],
    [
      'constraint',
      'o.conname',
      'pg_get_constraintdef(o.oid)',
      'pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace WHERE true',
    ],
    [
      'trigger',
      't.tgname',
      'pg_get_triggerdef(t.oid)',
      `pg_trigger t JOIN ${OF_CLASS} ON c.oid = t.tgrelid WHERE NOT t.tgisinternal`,
    ],
    ['rule', 'r.rulename', "''", `pg_rewrite r JOIN ${OF_CLASS} ON c.oid = r.ev_class WHERE true`],
  ];
  const comments = `
    SELECT 'comment on index, constraint or trigger' AS "kind", ${hex('coalesce(x.relname, o.conname, t.tgname)::text')} AS "name", ${hex('d.description')} AS "text"
      FROM pg_description d
      LEFT JOIN pg_class x ON d.classoid = 'pg_class'::regclass AND x.oid = d.objoid AND x.relkind = 'i'
      LEFT JOIN pg_constraint o ON d.classoid = 'pg_constraint'::regclass AND o.oid = d.objoid
      LEFT JOIN pg_trigger t ON d.classoid = 'pg_trigger'::regclass AND t.oid = d.objoid
     WHERE coalesce(x.oid, o.oid, t.oid) >= 16384`;
  return sql(
    [
      ...places.map(
        ([kind, name, text, from]) =>
          `SELECT '${kind}' AS "kind", ${hex(`(${name})::text`)} AS "name", ${hex(`(${text})::text`)} AS "text" FROM ${from} AND ${USER}`,
      ),
      comments,
      `SELECT 'role', ${hex('rolname::text')}, '' FROM pg_roles`,
      `SELECT 'setting', '', ${hex('one')} FROM pg_db_role_setting CROSS JOIN unnest(setconfig) AS one`,
      `SELECT 'comment on database', '', ${hex("coalesce(shobj_description(oid, 'pg_database'), '')")} FROM pg_database WHERE datname = current_database()`,
    ].join('\nUNION ALL\n'),
  );
}

const OF_CLASS = 'pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace';
const USER = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

function hex(text: string): string {
  return `encode(convert_to(${text}, 'SQL_ASCII'), 'hex')`;
}

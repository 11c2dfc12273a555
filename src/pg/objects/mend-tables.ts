import {quoteLiteral} from '../../domain/pg/identifier.ts';
import type {Fact} from './fact.ts';

/** How ALTER, COMMENT and DROP call what is called otherwise here. */
const WORDS: Readonly<Record<string, string>> = {
  'foreign table': 'FOREIGN TABLE',
  statistics: 'STATISTICS',
  'domain constraint': 'CONSTRAINT',
};

/** `operator class` → `OPERATOR CLASS`. */
export function wordOf(kind: string): string {
  return WORDS[kind] ?? kind.toUpperCase();
}

/** A name of two parts, as `own ON public.t` or `public.t.x`. */
interface Parted {
  readonly own: string;
  readonly of: string;
}

/** The column of a table, both quoted. */
export function columnOf(name: string): Parted {
  const own = /(?:"(?:[^"]|"")*"|[^."]*)$/.exec(name)?.[0] ?? '';
  return {own, of: name.slice(0, name.length - own.length - 1)};
}

/** A rule, policy or constraint, and what it is on. */
export function onWhat(name: string): Parted {
  const match = /^((?:"(?:[^"]|"")*"|[^"\s])+) ON ([^]*)$/.exec(name);
  return {own: match?.[1] ?? name, of: match?.[2] ?? ''};
}

/** One part that differs. */
export interface Differing {
  readonly part: string;
  readonly value: string | null;
  readonly wanted: Fact;
  readonly there: Fact;
}

/** How a part is mended; null where no statement does it. */
export type Mend = (differing: Differing) => string | null;

function namesOf(list: string | null | undefined): string[] {
  return (list ?? '').split(', ').flatMap((one) => one.split('=')[0] || []);
}

/** `fillfactor=70, autovacuum_enabled=false`, with what the target has too much. */
export function setOptions(alter: string, {part, value, there}: Differing, prefix = ''): string {
  const gone = namesOf(there.parts[part]).filter((name) => !namesOf(value).includes(name));
  const reset = gone.length === 0 ? [] : [`${alter} RESET (${gone.map((name) => prefix + name).join(', ')})`];
  const set = (value ?? '').split(', ').filter((one) => one !== '');
  return [...reset, ...(set.length === 0 ? [] : [`${alter} SET (${set.map((one) => prefix + one).join(', ')})`])].join(
    '; ',
  );
}

/** What mends a part of a table. Pure. */
export const TABLE: Mend = (differing) => {
  const {part, value, wanted} = differing;
  const alter = `ALTER ${wordOf(wanted.kind)} ${wanted.name}`;
  switch (part) {
    case 'kept':
      return `${alter} SET ${value}`;
    case 'row security':
      return `${alter} ${value} ROW LEVEL SECURITY`;
    case 'forced row security':
      return `${alter} ${value} ROW LEVEL SECURITY`;
    case 'options':
      return setOptions(alter, differing);
    case 'toast options':
      return setOptions(alter, differing, 'toast.');
    case 'access method':
      return `${alter} SET ACCESS METHOD ${value}`;
    case 'inherits':
      return value === null ? `${alter} NO INHERIT ${differing.there.parts[part]}` : `${alter} INHERIT ${value}`;
    case 'keys not enforced':
      return value === null ? enableKeys(wanted.name) : null;
    case 'partition of':
      return value === null ? null : `ALTER TABLE ${value} ATTACH PARTITION ${wanted.name} ${wanted.parts['bound']}`;
    default:
      return null;
  }
};

/** The triggers of foreign keys have names of the server's own making, and only a superuser may say how they fire. */
function enableKeys(table: string): string {
  const triggers = `SELECT t.tgrelid::regclass AS own, t.tgname AS name FROM pg_trigger t JOIN pg_constraint o ON o.oid = t.tgconstraint WHERE t.tgrelid = ${quoteLiteral(table).trimStart()}::regclass AND t.tgisinternal AND t.tgenabled <> 'O' AND o.contype = 'f'`;
  return `DO $do$DECLARE one record; BEGIN FOR one IN ${triggers} LOOP EXECUTE format('ALTER TABLE %s ENABLE TRIGGER %I', one.own, one.name); END LOOP; END$do$`;
}

const STORAGE: Readonly<Record<string, string>> = {p: 'PLAIN', e: 'EXTERNAL', x: 'EXTENDED', m: 'MAIN'};

/** Types of the server that are kept otherwise than most: SET STORAGE DEFAULT is only there from 16 on. */
const OWN_STORAGE: Readonly<Record<string, string>> = {numeric: 'MAIN', inet: 'MAIN', cidr: 'MAIN', tsquery: 'PLAIN'};

/** How a type of a schema is kept by itself is not known here. */
function storage(alter: string, value: string | null, type: string): string | null {
  if (value !== null) return `${alter} SET STORAGE ${STORAGE[value]}`;
  const [name = ''] = type.split('(');
  return name.includes('.') ? null : `${alter} SET STORAGE ${OWN_STORAGE[name] ?? 'EXTENDED'}`;
}

/** What mends a part of a column. Pure. */
export const COLUMN: Mend = (differing) => {
  const {part, value, wanted} = differing;
  const {own, of} = columnOf(wanted.name);
  const alter = `ALTER TABLE ${of} ALTER COLUMN ${own}`;
  switch (part) {
    case 'type':
    case 'collation': {
      const collation = wanted.parts['collation'] ?? null;
      return `${alter} TYPE ${wanted.parts['type']}${collation === null ? '' : ` COLLATE ${collation}`}`;
    }
    case 'default':
      return value === null ? `${alter} DROP DEFAULT` : `${alter} SET DEFAULT ${value}`;
    case 'not null':
      return value === null ? `${alter} DROP NOT NULL` : `${alter} SET NOT NULL`;
    case 'storage':
      return storage(alter, value, wanted.parts['type'] ?? '');
    case 'compression':
      return `${alter} SET COMPRESSION ${value === null ? 'DEFAULT' : value === 'l' ? 'lz4' : 'pglz'}`;
    case 'statistics':
      return `${alter} SET STATISTICS ${value ?? '-1'}`;
    case 'options':
      return setOptions(alter, differing);
    case 'identity':
      return value === null ? `${alter} DROP IDENTITY` : identity(alter, differing);
    default:
      return null;
  }
};

function identity(alter: string, {part, value, there}: Differing): string {
  const how = value === 'a' ? 'ALWAYS' : 'BY DEFAULT';
  return (there.parts[part] ?? null) === null
    ? `${alter} ADD GENERATED ${how} AS IDENTITY`
    : `${alter} SET GENERATED ${how}`;
}

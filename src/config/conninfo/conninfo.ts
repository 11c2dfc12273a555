import {printable} from '../../domain/base/printable.ts';
import type {Secret} from '../secret.ts';

/**
 * Where a server is and how to get in: libpq's keywords, resolved (service file, environment, defaults) and without the password.
 * One truth for our own connections (conninfo-pg.ts) and for the child tools (`toLibpq`).
 */
export interface Conninfo {
  readonly params: Readonly<Record<string, string>>;
  /** Null where the server asks for none, or libpq finds it itself. */
  readonly password: Secret | null;
}

/** A server for people: `db1.internal:5432/app as longhaul`. */
export function describeConninfo({params}: Conninfo): string {
  const host = params['host'] ?? params['hostaddr'] ?? '';
  return printable(`${host}:${params['port'] ?? ''}/${params['dbname'] ?? ''} as ${params['user'] ?? ''}`);
}

/** Postgres keeps this much of an application_name. */
export const NAME_BYTES = 63;

/** What a child tool's session is called, and how its text is encoded. */
export interface ToolSession {
  readonly applicationName: string;
  /**
   * UTF8, as our own sessions have it, whatever the environment says: names go between them and the tools. A database that is SQL_ASCII
   * converts nothing and must not be told that what it holds is anything else.
   */
  readonly encoding: 'UTF8' | 'SQL_ASCII';
  /** Whether it writes, also where database or role are read-only by default. */
  readonly writes?: boolean;
  /** Whether database or role let sessions begin serializable: on a standby such a one can read nothing, not even what pg_dump asks first. */
  readonly serializable?: boolean;
}

const READ_WRITE = '-c default_transaction_read_only=off';
const READ_COMMITTED = String.raw`-c default_transaction_isolation=read\ committed`;

/** The conninfo string for a child tool: complete, every value quoted, no password in it. */
export function toLibpq({params}: Conninfo, {applicationName, encoding, writes, serializable}: ToolSession): string {
  const own = [...(writes === true ? [READ_WRITE] : []), ...(serializable === true ? [READ_COMMITTED] : [])];
  const options = own.length === 0 ? {} : {options: [params['options'] ?? '', ...own].join(' ').trimStart()};
  const all = {
    ...params,
    ...options,
    application_name: applicationName.slice(0, NAME_BYTES),
    client_encoding: encoding,
  };
  return Object.entries(all)
    .map(([key, value]) => `${key}=${quoteValue(value)}`)
    .join(' ');
}

/** A value of a conninfo string: `it's` → `'it\'s'`. Source: libpq, "Keyword/Value Connection Strings". */
export function quoteValue(value: string): string {
  if (/^[A-Za-z0-9_./:@%+,-]+$/.test(value)) return value;
  return `'${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}

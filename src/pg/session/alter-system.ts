import {quoteLiteral} from '../../domain/pg/identifier.ts';

/**
 * What a superuser types to set a setting that is a list, or a word: `ALTER SYSTEM SET x = 'a', 'b'`. Each name is quoted by itself: a list in one pair of
 * quotes becomes one name with commas in it, and with such a shared_preload_libraries the server does not start.
 */
export function setList(name: string, values: readonly string[]): string {
  return `ALTER SYSTEM SET ${name} = ${values.map((value) => quoteLiteral(value).trim()).join(', ')}`;
}

/** What a superuser types to set a number: `ALTER SYSTEM SET max_wal_senders = 24`. */
export function setNumber(name: string, value: number): string {
  return `ALTER SYSTEM SET ${name} = ${value}`;
}

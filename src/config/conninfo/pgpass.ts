import {join} from 'node:path';
import type {Params} from './parse-conninfo.ts';
import type {Surroundings} from './surroundings.ts';

/**
 * The password that libpq would take from the password file: `passfile`, or ~/.pgpass; null when no line fits, or when others may read
 * the file, which libpq then ignores. A Unix socket is looked up by its folder and as
 * `localhost`, which libpq does for the folder that it was built with. Source: libpq, "The Password File".
 */
export function findPassword(params: Params, {home, readFile, isOpenToOthers}: Surroundings): string | null {
  const path = params['passfile'] ?? join(home, '.pgpass');
  const text = readFile(path);
  if (text === null || isOpenToOthers(path)) return null;
  const host = params['host'] ?? '';
  const wanted = [
    host.startsWith('/') ? [host, 'localhost'] : [host],
    ...['port', 'dbname', 'user'].map((key) => [params[key] ?? '']),
  ];
  for (const line of text.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue;
    const fields = splitLine(line);
    if (fields.length >= 5 && wanted.every((values, index) => ['*', ...values].includes(fields[index] ?? '')))
      return fields[4] ?? null;
  }
  return null;
}

/** Fields are separated by colons; a backslash takes the next character as it is. */
function splitLine(line: string): string[] {
  return [...line.matchAll(/((?:[^:\\]|\\.)*)(?::|$)/g)].map(([, field = '']) => field.replaceAll(/\\(.)/g, '$1'));
}

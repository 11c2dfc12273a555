import {join} from 'node:path';
import {ConninfoError, isParameter, type Params} from './parse-conninfo.ts';
import type {Surroundings} from './surroundings.ts';

/** The parameters of a service: from PGSERVICEFILE or ~/.pg_service.conf, then the system's. Throws ConninfoError when no file has it. */
export function findService(name: string, {env, home, readFile}: Surroundings): Params {
  const files = [
    env['PGSERVICEFILE'] ?? join(home, '.pg_service.conf'),
    join(env['PGSYSCONFDIR'] ?? '/etc/postgresql-common', 'pg_service.conf'),
  ];
  for (const file of files) {
    const found = parseService(readFile(file) ?? '', name, file);
    if (found !== null) return found;
  }
  throw new ConninfoError(
    `no service "${name}" in ${files.join(' or ')}: write it there, or name host, port and dbname here`,
  );
}

/**
 * The parameters of one section of a service file; null when there is no such section. Throws ConninfoError for a line that libpq does not take, for
 * passed over it would mean another server: the one of this machine. Pure.
 */
export function parseService(text: string, name: string, file = 'the service file'): Params | null {
  let inside = false;
  let found: Params | null = null;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      inside = line === `[${name}]`;
      if (inside) found ??= {};
    } else if (inside && found !== null) {
      const [key, value] = parameterOf(line, `${file}, line ${index + 1}`);
      // As in libpq, the first one holds.
      found[key] ??= value;
    }
  }
  return found;
}

function parameterOf(line: string, where: string): [key: string, value: string] {
  const at = line.indexOf('=');
  const key = line.slice(0, at).trim();
  if (/^ldaps?:/i.test(line)) throw new ConninfoError(`${where}: LDAP is not asked: write key=value lines instead`);
  if (at <= 0) throw new ConninfoError(`${where}: it is not key=value: mend the line`);
  if (key === 'service') throw new ConninfoError(`${where}: a service cannot name another one: write its lines here`);
  if (!isParameter(key)) throw new ConninfoError(`${where}: libpq knows no connection parameter "${key}": take it out`);
  return [key, line.slice(at + 1).trim()];
}

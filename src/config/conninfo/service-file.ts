import {join} from 'node:path';
import {ConninfoError, type Params} from './parse-conninfo.ts';
import type {Surroundings} from './surroundings.ts';

/** The parameters of a service: from PGSERVICEFILE or ~/.pg_service.conf, then the system's. Throws ConninfoError when no file has it. */
export function findService(name: string, {env, home, readFile}: Surroundings): Params {
  const files = [
    env['PGSERVICEFILE'] ?? join(home, '.pg_service.conf'),
    join(env['PGSYSCONFDIR'] ?? '/etc/postgresql-common', 'pg_service.conf'),
  ];
  for (const file of files) {
    const found = parseService(readFile(file) ?? '', name);
    if (found !== null) return found;
  }
  throw new ConninfoError(`no service "${name}" in ${files.join(' or ')}`);
}

/** The parameters of one section of a service file; null when there is no such section. Pure. */
export function parseService(text: string, name: string): Params | null {
  let inside = false;
  let found: Params | null = null;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      inside = line === `[${name}]`;
      if (inside) found ??= {};
    } else if (inside && found !== null) {
      const at = line.indexOf('=');
      if (at > 0) found[line.slice(0, at).trim()] = line.slice(at + 1).trim();
    }
  }
  return found;
}

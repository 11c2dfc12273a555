import {existsSync, readFileSync, statSync} from 'node:fs';
import {homedir, userInfo} from 'node:os';

/** What of this machine a conninfo depends on. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly user: string;
  /** The file's text; null when it is not there. */
  readonly readFile: (path: string) => string | null;
  /** Whether others than the owner may read it: libpq ignores such a pgpass. */
  readonly isOpenToOthers: (path: string) => boolean;
}

/** This machine, as it is. */
export function surroundings(env: Surroundings['env']): Surroundings {
  return {
    env,
    home: homedir(),
    user: userInfo().username,
    readFile: (path) => (existsSync(path) ? readFileSync(path, 'utf8') : null),
    isOpenToOthers: (path) => (statSync(path).mode & 0o077) !== 0,
  };
}

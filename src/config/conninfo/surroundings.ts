import {readFileSync, statSync} from 'node:fs';
import {homedir, userInfo} from 'node:os';
import {ConninfoError} from './parse-conninfo.ts';

/** What of this machine a conninfo depends on. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly user: string;
  /** The file's text; null when no file is there. Throws ConninfoError when it cannot be read. */
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
    readFile: readText,
    isOpenToOthers: (path) => (statSync(path).mode & 0o077) !== 0,
  };
}

function readText(path: string): string | null {
  // As libpq does it: a folder has no lines, and a pipe or a device may have them without end.
  if (statSync(path, {throwIfNoEntry: false})?.isFile() !== true) return null;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConninfoError(
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}: let the user who runs longhaul read it`,
    );
  }
}

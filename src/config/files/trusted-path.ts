import {lstatSync, readdirSync, readlinkSync, type Stats} from 'node:fs';
import {dirname, isAbsolute, join, resolve} from 'node:path';

/** What lets somebody else than this user and root put his own things at a path: `{path: '/srv', seen: 'may be written …', remedy: …}`. */
export interface Untrusted {
  readonly path: string;
  readonly seen: string;
  readonly remedy: string;
}

/** More links on one path than Linux follows (ELOOP). */
const MOST_LINKS = 40;

/**
 * Judges a path as ssh judges its own files: it, every folder above it and every link on the way belong to this user or to root, and nobody else
 * may write them. A sticky folder, like /tmp, may be above it: what this user owns there nobody else can move. Null where all is well; what is
 * not there yet is judged as far as it is. Once it is well, only this user and root can change that.
 * Source: OpenSSH, misc.c, safe_path; man 7 inode, the sticky bit.
 */
export function judgePath(path: string, user = process.getuid?.() ?? 0): Untrusted | null {
  let parent = '/';
  let left = resolve(path).split('/').filter(Boolean);
  let links = 0;
  const top = judgeOne('/', lstatSync('/'), {user, isLast: left.length === 0});
  if (top !== null) return top;
  for (;;) {
    const [name, ...rest] = left;
    if (name === undefined) return null;
    left = rest;
    if (name === '..') {
      parent = dirname(parent);
      continue;
    }
    const here = join(parent, name);
    const found = statOf(here);
    if (found === null) return null;
    if ('seen' in found) return found;
    const wrong = judgeOne(here, found, {user, isLast: left.length === 0});
    if (wrong !== null) return wrong;
    if (!found.isSymbolicLink()) parent = here;
    else if ((links += 1) > MOST_LINKS) return {path, seen: 'has links that lead in a circle', remedy: RENAME};
    else {
      const goal = readlinkSync(here);
      if (isAbsolute(goal)) parent = '/';
      left = [...goal.split('/').filter((part) => part !== '' && part !== '.'), ...left];
    }
  }
}

/** Judges a folder and everything that lies in it, `within` these of its folders as well. */
export function judgeFolder(path: string, within: readonly string[] = []): Untrusted | null {
  const wrong = judgePath(path);
  if (wrong !== null) return wrong;
  const paths = [path, ...within].flatMap((folder) => entriesOf(folder));
  for (const one of paths) {
    const inside = judgePath(one);
    if (inside !== null) return inside;
  }
  return null;
}

const RENAME = 'set run_directory to a folder that belongs to the user who runs longhaul';

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    // Not there yet, or no folder: whoever uses it says so.
    return [];
  }
}

function statOf(path: string): Stats | Untrusted | null {
  try {
    return lstatSync(path, {throwIfNoEntry: false}) ?? null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTDIR') return null;
    if (code !== 'EACCES') throw error;
    return {
      path: dirname(path),
      seen: 'may not be entered by this user',
      remedy: `run longhaul as the user to whom it belongs: see ls -ld ${dirname(path)}`,
    };
  }
}

interface Place {
  readonly user: number;
  readonly isLast: boolean;
}

function judgeOne(path: string, found: Stats, {user, isLast}: Place): Untrusted | null {
  if (found.uid !== user && found.uid !== 0) {
    return {
      path,
      seen: `belongs to the user with the number ${found.uid}, who can put anything there`,
      remedy: `run longhaul as that user (ls -ld ${path} has the name); or, where it should be yours: chown ${user} ${path}; or ${RENAME}`,
    };
  }
  // Of a link only the owner counts: nobody can write it, and its folder is judged.
  if (found.isSymbolicLink() || (found.mode & 0o022) === 0) return null;
  if (!isLast && found.isDirectory() && (found.mode & 0o1000) !== 0) return null;
  const who = (found.mode & 0o002) === 0 ? 'its group' : 'everybody';
  return {
    path,
    seen: `may be written by ${who} (mode ${(found.mode & 0o7777).toString(8).padStart(4, '0')})`,
    // What everybody is meant to write, a sticky folder or a device, stays as it is; and only its owner can change what is there.
    remedy:
      (found.mode & 0o1000) === 0 && (found.isDirectory() || found.isFile()) && found.uid === user
        ? `chmod go-w ${path}; or ${RENAME}`
        : RENAME,
  };
}

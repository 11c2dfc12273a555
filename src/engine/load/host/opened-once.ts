import {constants, openSync} from 'node:fs';
import {basename, join} from 'node:path';

/** Where a lane's folder is really reached: `/run/lanes/01-events.2` → `/proc/self/fd/17/01-events.2`. */
export type Reach = (folder: string) => string;

/**
 * Reaches lanes through their parent as it was when it was opened, once, at the beginning: scripts are run from there and processes signalled by
 * what is written there, whatever is found at its path by now. Where the run folder has been moved, the lanes are found in it all the same, by
 * their names. Before there is a run folder there are no lanes, and their paths lead nowhere.
 */
export function openedOnce(lanes: string): Reach {
  let held = open(lanes);
  return (folder) => {
    held ??= open(lanes);
    const parent = held === null ? lanes : `/proc/self/fd/${held}`;
    return folder === lanes ? parent : join(parent, basename(folder));
  };
}

function open(path: string): number | null {
  try {
    // Never closed: the lanes outlive whoever might do it.
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

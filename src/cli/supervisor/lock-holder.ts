import {readdir, readFile, stat} from 'node:fs/promises';
import {readProcess} from '../../engine/load/host/proc.ts';

/** The descriptor on which with-lock.sh holds the lock for the program that it becomes. */
const LOCK_DESCRIPTOR = 9;

/** The process that has a run's lock. */
interface LockHolder {
  readonly pid: number;
  /** Whether it was stopped (SIGSTOP, or ^Z): it hears nothing until it is let go on. */
  readonly isStopped: boolean;
}

/**
 * Who has the lock of a file by flock(2); null where nobody has, or another user's process. The pid in /proc/locks is flock(1)'s, which has
 * ended: the descriptor says who has it now.
 * Source: man 5 proc, /proc/PID/fdinfo: `lock: 1: FLOCK  ADVISORY  WRITE 4242 fd:01:1234 0 EOF`
 */
export async function readLockHolder(path: string): Promise<LockHolder | null> {
  const lock = await stat(path).catch(() => null);
  if (lock === null) return null;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || !(await hasLock(name, lock))) continue;
    const pid = Number(name);
    return {pid, isStopped: (await readProcess(pid))?.state === 'T'};
  }
  return null;
}

/** Whether this process has the lock of a file, as with-lock.sh hands it down; that the file is open there is not enough. */
export async function holdsLock(path: string): Promise<boolean> {
  const lock = await stat(path).catch(() => null);
  return lock !== null && hasLock('self', lock);
}

async function hasLock(pid: string, lock: {readonly dev: number; readonly ino: number}): Promise<boolean> {
  try {
    const {dev, ino} = await stat(`/proc/${pid}/fd/${LOCK_DESCRIPTOR}`);
    if (dev !== lock.dev || ino !== lock.ino) return false;
    return (await readFile(`/proc/${pid}/fdinfo/${LOCK_DESCRIPTOR}`, 'utf8')).includes('FLOCK');
  } catch {
    // It has ended meanwhile, has no such descriptor, or is another user's.
    return false;
  }
}

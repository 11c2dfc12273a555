import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmdirSync, statSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Lab} from '../../../src/lab/lab.ts';

/** A small real file system that the WAL of a lab's primary lies on. */
export interface WalVolume {
  readonly path: string;
  /** The command for `disks.source.command`. */
  readonly command: readonly string[];
  /** Unmounts it; the primary must be stopped. */
  remove(): void;
}

/** Whether this machine lets us mount: root, outside of an unprivileged container. */
export function mayMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  const place = mkdtempSync(join(tmpdir(), 'lh-may-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place], {stdio: 'ignore'});
    execFileSync('umount', [place]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(place);
  }
}

/** Moves pg_wal of the lab's primary onto a tmpfs of so many bytes and starts it again. */
export async function moveWal(lab: Lab, bytes: number): Promise<WalVolume> {
  // Outside of the lab's folder, which is removed while this is still mounted.
  const path = mkdtempSync(join(tmpdir(), 'lh-wal-'));
  const wal = join(lab.source.dataDir, 'pg_wal');
  const owner = statSync(lab.source.dataDir);
  await lab.source.stop();
  execFileSync('mount', [
    '-t',
    'tmpfs',
    '-o',
    `size=${bytes},mode=0700,uid=${owner.uid},gid=${owner.gid}`,
    'tmpfs',
    path,
  ]);
  execFileSync('mv', [wal, join(path, 'pg_wal')]);
  symlinkSync(join(path, 'pg_wal'), wal);
  await lab.source.start();
  return {
    path,
    command: ['df', '-B1', '--output=avail,size', path],
    remove: () => {
      execFileSync('umount', [path]);
      rmdirSync(path);
    },
  };
}

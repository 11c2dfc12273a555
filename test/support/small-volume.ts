import {execFileSync} from 'node:child_process';
import {mkdtemp, rm, symlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Lab} from '../../src/lab/lab.ts';

/** A small file system of one's own; making one wants root. */
export interface SmallVolume {
  /** Where it is mounted. */
  readonly path: string;
  /** Fills it until only so many bytes are free. */
  fillUp(leaveBytes: number): void;
  /** Takes away what `fillUp` wrote. */
  makeRoom(): Promise<void>;
  remove(): Promise<void>;
}

/** Makes a file system of so many megabytes in memory. */
export async function makeSmallVolume(megabytes: number): Promise<SmallVolume> {
  const path = await mkdtemp(join(tmpdir(), 'longhaul-small-'));
  const ballast = join(path, 'ballast');
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=1777`, 'tmpfs', path]);
  return {
    path,
    fillUp: (leaveBytes) => {
      const script = `free=$(($(df --output=avail -B1 "$1" | tail -1) - $3)); [ "$free" -le 0 ] || head -c "$free" /dev/zero > "$2" 2>/dev/null || true`;
      execFileSync('sh', ['-c', script, 'fill', path, ballast, String(leaveBytes)]);
    },
    makeRoom: async () => rm(ballast, {force: true}),
    remove: async () => {
      execFileSync('umount', ['-l', path]);
      await rm(path, {recursive: true});
    },
  };
}

/** Moves the WAL of a target that lies on a small volume to another one: a full disk there is a crash and no error. */
export async function moveWalOff(lab: Lab, dataDir: string): Promise<void> {
  const elsewhere = join(lab.folder, 'target-wal');
  await lab.target.stop();
  execFileSync('mv', [join(dataDir, 'pg_wal'), elsewhere]);
  await symlink(elsewhere, join(dataDir, 'pg_wal'));
  await lab.target.start();
}

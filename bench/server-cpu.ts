import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Lab} from '../src/lab/lab.ts';

/** The servers of a lab. */
export const SERVERS = ['source', 'replica', 'target'] as const;

/** CPU seconds of each server of a lab: its postmaster, the backends that have ended, and those that run. Source: man 5 proc, /proc/PID/stat, fields 14 to 17 in hundredths. */
export function serverCpu(lab: Lab): ReadonlyMap<string, number> {
  return new Map(
    SERVERS.map((server) => {
      const [pid = ''] = readFileSync(join(lab[server].dataDir, 'postmaster.pid'), 'utf8').split('\n');
      const living = textOf(`/proc/${pid}/task/${pid}/children`).trim().split(/\s+/);
      return [server, cpuOf(pid, 15) + living.reduce((sum, child) => sum + cpuOf(child, 13), 0)];
    }),
  );
}

/** Seconds that this machine's cores were busy since it was started. Source: man 5 proc, /proc/stat. */
export function busySeconds(): number {
  const fields = textOf('/proc/stat').split('\n')[0]?.trim().split(/\s+/).slice(1).map(Number) ?? [];
  const [user = 0, nice = 0, system = 0, , , irq = 0, soft = 0] = fields;
  return (user + nice + system + irq + soft) / 100;
}

/** CPU seconds of a process, 0 where it has ended: up to field 13 its own, up to field 15 with the children that it has waited for. */
export function cpuOf(pid: string, until: 13 | 15): number {
  const fields = textOf(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  return fields.slice(11, until).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended; what it took is its parent's.
    return '';
  }
}

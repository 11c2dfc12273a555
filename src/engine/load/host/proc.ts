import {readdirSync, readFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';

/** A process as /proc shows it. `startTime` is in clock ticks since boot: with the pid and the boot id it names one process for ever. */
export interface ProcessStat {
  readonly pid: number;
  readonly command: string;
  /** R, S, D, T (stopped), Z (zombie), … */
  readonly state: string;
  readonly session: number;
  readonly startTime: string;
}

/** Reads /proc/PID/stat; null when there is no such process. Source: man 5 proc. */
export async function readProcess(pid: number): Promise<ProcessStat | null> {
  try {
    return parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

function readProcessNow(pid: string): ProcessStat | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

/** Parses a line of /proc/PID/stat. The command is in parentheses and may hold spaces and parentheses itself. */
export function parseStat(line: string): ProcessStat {
  const open = line.indexOf('(');
  const close = line.lastIndexOf(')');
  const fields = line.slice(close + 2).split(' ');
  return {
    pid: Number(line.slice(0, open)),
    command: line.slice(open + 1, close),
    state: fields[0] ?? '?',
    session: Number(fields[3]),
    startTime: fields[19] ?? '',
  };
}

/** All living processes by session, zombies left out: one walk over /proc for all lanes. It waits for no disk, and with a promise a file it takes four times as long: 18 ms of 380 processes instead of 5. */
export function readSessions(): Map<number, ProcessStat[]> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const sessions = new Map<number, ProcessStat[]>();
  for (const pid of pids) {
    const process = readProcessNow(pid);
    if (process === null || process.state === 'Z' || process.state === 'X') continue;
    const session = sessions.get(process.session);
    if (session === undefined) sessions.set(process.session, [process]);
    else session.push(process);
  }
  return sessions;
}

/** This boot of the machine; pids and start times mean nothing in another one. */
export async function readBootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}

import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {Client} from 'pg';
import type {LabServer} from '../../src/lab/cluster/lab-server.ts';
import {cpuSecondsOf} from '../schema-watch.ts';

const TICKS = 100;

/**
 * What Longhaul's sessions cost a server while change capture runs, in percent of a core: those that are there all the time by their own clock, those that come and go by what the
 * postmaster has of its children that ended. Nobody else connects meanwhile, and autovacuum is off.
 */
export async function probingCost(source: LabServer, seconds: number): Promise<number> {
  const reader = new Client({host: source.socketDir, port: source.port, user: 'postgres', database: 'app'});
  await reader.connect();
  const before = await sessions(reader);
  const ended = endedSeconds(source);
  const began = performance.now();
  await wait(seconds * 1000);
  const took = (performance.now() - began) / 1000;
  const childrenEnded = endedSeconds(source) - ended;
  const after = await sessions(reader);
  await reader.end();
  const lasting = [...after].reduce((sum, [pid, cpu]) => sum + cpu - (before.get(pid) ?? 0), 0);
  // Of those that were there before and have ended, the postmaster counts all of their time.
  const gone = [...before].reduce((sum, [pid, cpu]) => sum + (after.has(pid) ? 0 : cpu), 0);
  return ((lasting + childrenEnded - gone) / took) * 100;
}

async function sessions(reader: Client): Promise<Map<string, number>> {
  const {rows} = await reader.query<{pid: string}>(
    "SELECT pid::text FROM pg_stat_activity WHERE application_name LIKE 'longhaul/%'",
  );
  return new Map(rows.map(({pid}) => [pid, cpuSecondsOf(pid)]));
}

/** Seconds of CPU of a server's processes that have ended. Source: man 5 proc, /proc/PID/stat, cutime and cstime. */
function endedSeconds({dataDir}: LabServer): number {
  const [postmaster] = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
  const stat = readFileSync(`/proc/${postmaster}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}

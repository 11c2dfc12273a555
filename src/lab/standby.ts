import {existsSync} from 'node:fs';
import {appendFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {writeSettings} from './cluster.ts';
import type {LabServer, LabServerPlace} from './lab-server.ts';
import {readMajor, runProgram} from './server-programs.ts';
import {mapTablespaces} from './tablespace.ts';

/** Makes the standby of a running source, streaming through the physical slot `maintenance`, which holds WAL for it from now on. It is not started. */
export async function createStandby(place: LabServerPlace, source: LabServer): Promise<void> {
  await source.sql("SELECT pg_create_physical_replication_slot('maintenance', true)");
  const conninfo = `host='${source.socketDir}' port=${source.port} user=postgres application_name=maintenance`;
  // Another release's pg_basebackup is refused by a newer server, and embedded servers bring none.
  if (existsSync(join(place.bin, 'pg_basebackup'))) await takeBaseBackup(place, conninfo);
  else await copyStopped(place, source, conninfo);
  await writeSettings(place, 'replica');
}

async function takeBaseBackup(place: LabServerPlace, conninfo: string): Promise<void> {
  const from = ['-d', conninfo, '-X', 'stream', '-S', 'maintenance', '-c', 'fast', ...mapTablespaces(place)];
  await runProgram(join(place.bin, 'pg_basebackup'), [...from, '-D', place.dataDir, '-R'], {asServerUser: true});
}

async function copyStopped(place: LabServerPlace, source: LabServer, conninfo: string): Promise<void> {
  await source.stop();
  await runProgram('cp', ['-a', source.dataDir, place.dataDir], {asServerUser: true});
  await source.start();
  // In a setting's value a quote is doubled.
  const value = conninfo.replaceAll("'", "''");
  const settings = `primary_conninfo = '${value}'\nprimary_slot_name = 'maintenance'\n`;
  if ((await readMajor(place.bin)) < 12) {
    await writeFile(join(place.dataDir, 'recovery.conf'), `standby_mode = on\n${settings}`);
    return;
  }
  await appendFile(join(place.dataDir, 'postgresql.auto.conf'), settings);
  await writeFile(join(place.dataDir, 'standby.signal'), '');
}

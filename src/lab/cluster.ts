import {appendFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {LabServerPlace} from './lab-server.ts';
import {findClientBin, hasPglogical, runProgram} from './server-programs.ts';
import {formatSettings, type SettingsOptions} from './settings.ts';

/** Makes an empty cluster whose superuser is `postgres`, with the settings of its role; it is not started. */
export async function createCluster(place: LabServerPlace, role: 'source' | 'target'): Promise<void> {
  await runProgram(
    join(place.bin, 'initdb'),
    ['-D', place.dataDir, '-U', 'postgres', '-N', '-A', 'trust', '--no-locale', '-E', 'UTF8'],
    {asServerUser: true},
  );
  await appendFile(join(place.dataDir, 'postgresql.conf'), "\ninclude 'lab.conf'\n");
  await writeSettings(place, role);
}

/** Makes the standby of a running source: a base backup through the physical slot `maintenance`, which holds WAL for it from now on. */
export async function createStandby(place: LabServerPlace, source: LabServerPlace): Promise<void> {
  const client = await findClientBin(place.bin, 'pg_basebackup');
  await runProgram(
    join(client, 'pg_basebackup'),
    [
      '-d',
      `host='${source.socketDir}' port=${source.port} user=postgres application_name=maintenance`,
      '-D',
      place.dataDir,
      '-X',
      'stream',
      '-S',
      'maintenance',
      '-R',
      '-c',
      'fast',
    ],
    {asServerUser: true},
  );
  await writeSettings(place, 'replica');
}

/**
 * Who may connect: the superuser and the application through the private socket without a password, everybody else over TCP with one.
 * `method` is scram-sha-256, or md5 for a server before 10.
 */
export function formatHba(method: 'scram-sha-256' | 'md5'): string {
  return [
    'local all all trust',
    'local replication postgres trust',
    `host all all 127.0.0.1/32 ${method}`,
    `host replication longhaul 127.0.0.1/32 ${method}`,
    '',
  ].join('\n');
}

async function writeSettings(place: LabServerPlace, role: SettingsOptions['role']): Promise<void> {
  const known = await runProgram(join(place.bin, 'postgres'), ['--describe-config'], {asServerUser: true});
  const settings = formatSettings({
    ...place,
    role,
    pglogical: hasPglogical(place.bin),
    knowsOutputPlugins: known.includes('\noutput_plugin_libraries\t'),
  });
  await writeFile(join(place.dataDir, 'lab.conf'), settings);
  const version = await runProgram(join(place.bin, 'postgres'), ['--version']);
  const method = / 9\./.test(version) ? 'md5' : 'scram-sha-256';
  await writeFile(join(place.dataDir, 'pg_hba.conf'), formatHba(method));
}

import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {LabServerPlace} from './lab-server.ts';
import {giveToServerUser} from './private-folder.ts';
import {pick} from '../../pg/session/versions.ts';
import {hasPglogical, readRelease, runProgram, writeAsServerUser} from './server-programs.ts';
import {formatSettings, type SettingsOptions} from './settings.ts';

/** Makes an empty cluster whose superuser is `postgres`, with the settings of its role; it is not started. */
export async function createCluster(
  place: LabServerPlace,
  role: Exclude<SettingsOptions['role'], 'replica'>,
  asked: Pick<SettingsOptions, 'decodes' | 'oldClients'> = {},
): Promise<void> {
  await mkdir(place.dataDir, {recursive: true, mode: 0o700});
  await giveToServerUser([place.dataDir]);
  await runProgram(
    join(place.bin, 'initdb'),
    ['-D', place.dataDir, '-U', 'postgres', '-N', '-A', 'trust', '--no-locale', '-E', 'UTF8'],
    {asServerUser: true},
  );
  await writeAsServerUser(join(place.dataDir, 'postgresql.conf'), "\ninclude 'lab.conf'\n", 'append');
  await writeSettings(place, role, asked);
}

/**
 * Who may connect: the superuser and the application through the private socket without a password, everybody else over TCP with one.
 * `method` is scram-sha-256, or md5 for a server before 14.
 */
function formatHba(method: 'scram-sha-256' | 'md5'): string {
  return [
    'local all all trust',
    'local replication postgres trust',
    `host all all 127.0.0.1/32 ${method}`,
    `host replication longhaul 127.0.0.1/32 ${method}`,
    '',
  ].join('\n');
}

/** Writes lab.conf and pg_hba.conf of a cluster that does not run. */
export async function writeSettings(
  place: LabServerPlace,
  role: SettingsOptions['role'],
  asked: Pick<SettingsOptions, 'decodes' | 'oldClients'> = {},
): Promise<void> {
  const known = await runProgram(join(place.bin, 'postgres'), ['--describe-config'], {asServerUser: true});
  const settings = formatSettings({
    ...place,
    role,
    ...asked,
    pglogical: hasPglogical(place.bin),
    knowsOutputPlugins: known.includes('\noutput_plugin_libraries\t'),
  });
  await writeAsServerUser(join(place.dataDir, 'lab.conf'), settings);
  // Up to 13 passwords are kept as MD5 by default; the method md5 takes either kind.
  const isOld = asked.oldClients === true || pick('labPasswords', await readRelease(place.bin)) === 'md5';
  const method = isOld ? 'md5' : 'scram-sha-256';
  await writeAsServerUser(join(place.dataDir, 'pg_hba.conf'), formatHba(method));
}

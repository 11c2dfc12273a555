import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {chmod, mkdir} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {serverBin} from '../pairs/npm-servers.ts';

/** Beside the project, where a checkout has it. */
const ARCHIVE = join(import.meta.dirname, '../../../shared/servers/postgresql-9.6-pglogical-2.4.4-linux-x64.tar.xz');

/** The folder of a release's server programs: 9.6 from LONGHAUL_PG96, /opt/pg96/bin or the archive beside the project; others as `npm run pairs` gets them. */
export async function binOf(release: string): Promise<string> {
  if (release !== '9.6') return serverBin(release);
  const places = [process.env['LONGHAUL_PG96'], '/opt/pg96/bin'];
  const found = places.find((place) => place !== undefined && existsSync(join(place, 'initdb')));
  return found ?? unpack();
}

async function unpack(): Promise<string> {
  const archive = [
    ARCHIVE,
    join(import.meta.dirname, '../../../../shared/servers', ARCHIVE.slice(ARCHIVE.lastIndexOf('/') + 1)),
  ].find(existsSync);
  if (archive === undefined)
    throw new Error('no server of release 9.6: name the folder of its programs in LONGHAUL_PG96');
  // Where the clusters' own user can reach it; kept from one time to the next.
  const folder = join(tmpdir(), `longhaul-servers-${process.getuid?.() ?? 'me'}`);
  if (!existsSync(join(folder, 'pg96/bin/initdb'))) {
    await mkdir(folder, {recursive: true});
    await chmod(folder, 0o755);
    execFileSync('tar', ['-xJf', archive, '-C', folder, '--no-same-owner']);
  }
  return join(folder, 'pg96/bin');
}

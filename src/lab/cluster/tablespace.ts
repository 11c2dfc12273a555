import {existsSync, readdirSync} from 'node:fs';
import {mkdir} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import type {LabServer, LabServerPlace} from './lab-server.ts';
import {giveToServerUser} from './private-folder.ts';

/** Where a lab has the tablespaces of its source, and of each standby beside them. */
const FOLDER = 'tablespaces';
const OF_SOURCE = 'of-source';

/** Makes a tablespace that everybody may use. Before the standby is made: two servers of one machine must not share a tablespace's folder. */
export async function createTablespace(source: LabServer, name: string): Promise<void> {
  const quoted = `"${name.replaceAll('"', '""')}"`;
  const folder = join(dirname(source.dataDir), FOLDER, OF_SOURCE, name);
  await mkdir(folder, {recursive: true, mode: 0o700});
  await giveToServerUser([dirname(dirname(folder)), dirname(folder), folder]);
  // Without pg_basebackup the standby is a copy of the folder, in which a link would lead to the source's own tablespace.
  const inPlace = !existsSync(join(source.bin, 'pg_basebackup'));
  await source.sql(`${inPlace ? 'SET allow_in_place_tablespaces = on;' : ''}
    CREATE TABLESPACE ${quoted} LOCATION '${inPlace ? '' : folder}';
    GRANT CREATE ON TABLESPACE ${quoted} TO PUBLIC`);
}

/** What pg_basebackup has to be told so that the standby's tablespaces lie beside the source's. */
export function mapTablespaces(place: LabServerPlace): string[] {
  const folder = join(dirname(place.dataDir), FOLDER);
  if (!existsSync(folder)) return [];
  const own = `of-${basename(place.dataDir)}`;
  return readdirSync(join(folder, OF_SOURCE)).flatMap((name) => [
    '-T',
    `${join(folder, OF_SOURCE, name)}=${join(folder, own, name)}`,
  ]);
}

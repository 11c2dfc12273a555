import {readFile} from 'node:fs/promises';
import {builtFile} from '../config/files/package-files.ts';
import {maybe} from '../pg/session/versions.ts';
import type {LabServer} from './cluster/lab-server.ts';

/** `tiny` is a few megabytes, `small` about 30 MB; a number is a scale in which 1 is about 300 MB. */
export type LabSize = 'tiny' | 'small' | number;

/** What the source is seeded with. */
export interface SeedOptions {
  readonly size?: LabSize;
  /** false leaves the database empty; a text is the path of an SQL file that is run as superuser instead of the seed. */
  readonly seed?: boolean | string;
  /** Also a schema of hostile names. */
  readonly hostile?: boolean;
}

/** Fills database `app` of the source as the options say, nearly everything owned by app_owner, and analyzes it. */
export async function seedSource(source: LabServer, options: SeedOptions): Promise<void> {
  if (options.seed === false) return;
  if (typeof options.seed === 'string') {
    await source.sql(await readFile(options.seed, 'utf8'));
    return;
  }
  const [[version = '0'] = []] = await source.sql('SHOW server_version_num');
  await source.sql(`${await readSeed('extensions')}${await readSeed('settings')}`);
  const files = ['public', 'billing'];
  const newer = maybe('labSeed', Number(version));
  if (newer !== null) files.push(newer);
  if (options.hostile === true) files.push('hostile');
  const texts = await Promise.all(files.map(readSeed));
  await source.sql(
    [
      `\\set scale ${scaleOf(options.size ?? 1)}`,
      'SET ROLE app_owner;',
      ...texts,
      'RESET ROLE;',
      await readSeed('leftovers'),
      ...(options.hostile === true ? [await readSeed('hostile-roles')] : []),
      'ANALYZE;',
    ].join('\n'),
  );
}

async function readSeed(name: string): Promise<string> {
  return readFile(builtFile(`lab/seed/${name}.sql`), 'utf8');
}

function scaleOf(size: LabSize): number {
  if (size === 'tiny') return 0.005;
  return size === 'small' ? 0.1 : size;
}

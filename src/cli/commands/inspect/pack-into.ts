import {writeFile} from 'node:fs/promises';
import {promisify} from 'node:util';
import {gzip} from 'node:zlib';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {tarOf, type TarFile} from '../../../engine/doctor/tar.ts';

/** Writes files as one tar.gz that only its owner reads. Throws `usage` with the remedy where there is a file of this name: it is left as it is. */
export async function packInto(path: string, files: readonly TarFile[], remedy: string): Promise<void> {
  const content = await promisify(gzip)(tarOf(files, Date.now()));
  try {
    await writeFile(path, content, {flag: 'wx', mode: 0o600});
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new LonghaulError({
      code: 'usage',
      message: `${path} is there already and is left as it is`,
      remedy,
      cause: error,
    });
  }
}

import {constants} from 'node:fs';
import {open, type FileHandle} from 'node:fs/promises';
import {LonghaulError} from '../domain/base/longhaul-error.ts';
import {printable} from '../domain/base/printable.ts';
import {decodeText} from './decode-text.ts';

/** More than any configuration needs; whatever is larger is another file. */
const MOST_BYTES = 1024 * 1024;

const INIT = 'longhaul init writes one; --config FILE or LONGHAUL_CONFIG names another';

/** Why a file cannot be opened or read, by its error code, and what helps. */
const REASONS: Readonly<Record<string, readonly [words: string, remedy: string]>> = {
  ENOENT: ['is not there', INIT],
  ENOTDIR: ['is not there: a part of its path is a file', INIT],
  EISDIR: ['is a folder', 'name the file in it: --config FOLDER/longhaul.yaml'],
  EACCES: ['may not be read by this user', 'let the user who runs longhaul read it: chmod, chown, or run as its owner'],
  EPERM: ['may not be read by this user', 'let the user who runs longhaul read it: chmod, chown, or run as its owner'],
  ELOOP: ['cannot be found: its path is a loop of symbolic links', INIT],
  ENAMETOOLONG: ['has too long a name', INIT],
};

/** The text of a configuration, which is UTF-8. Throws `config` with what is wrong with the file, and what to do. */
export async function readConfigText(path: string): Promise<string> {
  if (path.trim() === '') throw notUsable('', 'the configuration has no name', INIT);
  // A pipe that nobody writes to would be waited for otherwise.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const decoded = decodeText(await readSome(path, file));
    if ('text' in decoded) return decoded.text;
    throw notUsable(path, `${decoded.line === null ? '' : `line ${decoded.line}: `}${decoded.seen}`, decoded.remedy);
  } finally {
    await file.close();
  }
}

async function readSome(path: string, file: FileHandle): Promise<Buffer> {
  const found = await file.stat();
  if (found.isDirectory()) throw unreadable(path, Object.assign(new Error('a folder'), {code: 'EISDIR'}));
  if (!found.isFile()) {
    throw notUsable(path, 'is not a file but a pipe or a device', 'name a file: the supervisor reads it again later');
  }
  if (found.size > MOST_BYTES) {
    throw notUsable(
      path,
      `has ${found.size} bytes: too large for a configuration, which has at most ${MOST_BYTES}`,
      `it is another file: ${INIT}`,
    );
  }
  return file.readFile();
}

function unreadable(path: string, error: unknown): LonghaulError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [words, remedy] = REASONS[code] ?? [
    `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    INIT,
  ];
  return notUsable(path, words, remedy, error);
}

function notUsable(path: string, words: string, remedy: string, cause?: unknown): LonghaulError {
  const message = path === '' ? words : `${printable(path)}${words.startsWith('line ') ? ':' : ''} ${words}`;
  return new LonghaulError({code: 'config', message, remedy, cause});
}

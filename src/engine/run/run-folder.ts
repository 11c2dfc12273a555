import {statSync, type Stats} from 'node:fs';
import {mkdir, open, readFile, rename, stat, type FileHandle} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {judgeFolder} from '../../config/files/trusted-path.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';

/** Where a run keeps everything on the jump box. All of it 0700/0600. */
export interface RunFolder {
  readonly path: string;
  readonly journal: string;
  readonly readings: string;
  /** What `status --line` reads while a supervisor lives. */
  readonly line: string;
  readonly plan: string;
  readonly inventory: string;
  /** What the source has of indexes, constraints and triggers: the goal of build-indexes. */
  readonly manifest: string;
  /** What longhaul.yaml said when the supervisor was started. */
  readonly told: string;
  /** How many changes of each slot the target had skipped when their comparison came to be owed. */
  readonly skipped: string;
  readonly lanes: string;
  readonly socket: string;
  readonly lock: string;
  /** What the supervisor and its programs say aside. */
  readonly log: string;
  /** What LONGHAUL_TRACE wants written; a second file beside it has what was before. */
  readonly trace: string;
}

/** The paths of a run folder; creates nothing. */
export function runFolderAt(path: string): RunFolder {
  return {
    path,
    journal: join(path, 'journal.jsonl'),
    readings: join(path, 'readings.jsonl'),
    line: join(path, 'line.json'),
    plan: join(path, 'plan.yaml'),
    inventory: join(path, 'inventory.json'),
    manifest: join(path, 'manifest.json'),
    told: join(path, 'told.json'),
    skipped: join(path, 'skipped.json'),
    lanes: join(path, 'lanes'),
    socket: join(path, 'supervisor.sock'),
    lock: join(path, 'lock'),
    log: join(path, 'supervisor.log'),
    trace: join(path, 'trace.jsonl'),
  };
}

/**
 * Throws `config` where somebody else than this user and root could put his own things in the place of the run folder or of what lies in it. Who
 * connects to the socket or reads the journal asks this first: what they say is believed, and lanes run what they find there.
 */
export function mustBeTrusted(folder: RunFolder): void {
  const {path, lanes} = folder;
  const untrusted = judgeFolder(path, [lanes]);
  if (untrusted === null) return mustBeOfItsKind(folder);
  const {path: where, seen, remedy} = untrusted;
  throw new LonghaulError({code: 'config', message: `the run folder ${path} is not trusted: ${where} ${seen}`, remedy});
}

/** What is in the run folder by these names is read and written as what it is: a pipe would be waited for, without a word. */
function mustBeOfItsKind(folder: RunFolder): void {
  for (let above = folder.path; ; above = dirname(above)) {
    const found = kindOf(above);
    if (found !== null && found !== 'folder') throw ofAnotherKind(above, found, 'folder');
    if (found === 'folder' || above === dirname(above)) break;
  }
  const {journal, readings, line, plan, inventory, manifest, told, skipped, lock, log, trace} = folder;
  for (const path of [journal, readings, line, plan, inventory, manifest, told, skipped, lock, log, trace]) {
    const found = kindOf(path);
    if (found !== null && found !== 'file') throw ofAnotherKind(path, found, 'file');
  }
  const lanes = kindOf(folder.lanes);
  if (lanes !== null && lanes !== 'folder') throw ofAnotherKind(folder.lanes, lanes, 'folder');
}

type Kind = 'file' | 'folder' | 'pipe, a socket or a device';

/** Null where nothing is there. */
function kindOf(path: string): Kind | null {
  let found: Stats | undefined;
  try {
    found = statSync(path, {throwIfNoEntry: false});
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return null;
    throw error;
  }
  if (found === undefined) return null;
  return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'pipe, a socket or a device';
}

function ofAnotherKind(path: string, found: Kind, wanted: Kind): LonghaulError {
  return new LonghaulError({
    code: 'config',
    message: `${path} is a ${found}, and must be a ${wanted}`,
    remedy: `see what it is (ls -ld ${path}) and move it away, or set run_directory to another folder`,
  });
}

/** Creates the folder for this user only; one that is there is left as it is. Throws `config` where that cannot be. */
export async function createRunFolder(folder: RunFolder): Promise<void> {
  mustBeTrusted(folder);
  try {
    await makeFolders(folder.lanes);
  } catch (error) {
    throw new LonghaulError({
      code: 'config',
      message: `the run folder ${folder.path} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'it must belong to the user who runs longhaul, on a disk with room: mend that, or set run_directory',
      cause: error,
    });
  }
  // Under /tmp somebody else may have made it in between.
  mustBeTrusted(folder);
}

/** As mkdir -p. Where a file system has no folders to make, as /proc, that of Node goes on trying for ever. */
async function makeFolders(path: string): Promise<void> {
  if (await isFolder(path)) return;
  if (path !== dirname(path)) await makeFolders(dirname(path));
  await mkdir(path, {mode: 0o700}).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
}

type OpenWhole = (
  path: string,
  flags: string,
  mode?: number,
) => Promise<Pick<FileHandle, 'writeFile' | 'sync' | 'close'>>;

/** Writes a file so that a reader finds the old text or the new, never a part; on disk when it resolves. */
export async function writeWhole(path: string, text: string, openFile: OpenWhole = open): Promise<void> {
  const draft = `${path}.new`;
  const file = await openFile(draft, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  const folder = await openFile(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Whether there is a folder at this path. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** What a file of the run folder keeps as JSON, an object with these keys; throws `failed` with this remedy where it is none, as after a disk that was full. */
export function parseKept<Kept extends object>(
  text: string,
  {
    path,
    keys,
    remedy,
  }: {readonly path: string; readonly keys: readonly (keyof Kept & string)[]; readonly remedy: string},
): Kept {
  let seen: string;
  try {
    const kept: Kept | null = JSON.parse(text);
    const missing = keys.find((key) => typeof kept !== 'object' || kept === null || !(key in kept));
    if (kept !== null && missing === undefined) return kept;
    seen = `it has no ${missing}`;
  } catch (error) {
    seen = error instanceof Error ? error.message : String(error);
  }
  throw new LonghaulError({code: 'failed', message: `${path} cannot be read: ${seen}`, remedy});
}

/** The file's text, null when there is no such file. */
export async function readIfThere(path: string): Promise<string | null> {
  return (await readBytesIfThere(path))?.toString('utf8') ?? null;
}

/** The same of what people edit, in whatever encoding their editor has saved it. */
export async function readBytesIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

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
  readonly lanes: string;
  readonly socket: string;
  readonly lock: string;
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
    lanes: join(path, 'lanes'),
    socket: join(path, 'supervisor.sock'),
    lock: join(path, 'lock'),
    trace: join(path, 'trace.jsonl'),
  };
}

/**
 * Throws `config` where somebody else than this user and root could put his own things in the place of the run folder or of what lies in it. Who
 * connects to the socket or reads the journal asks this first: what they say is believed, and lanes run what they find there.
 */
export function mustBeTrusted({path, lanes}: RunFolder): void {
  const untrusted = judgeFolder(path, [lanes]);
  if (untrusted === null) return;
  const {path: where, seen, remedy} = untrusted;
  throw new LonghaulError({code: 'config', message: `the run folder ${path} is not trusted: ${where} ${seen}`, remedy});
}

/** Creates the folder for this user only; one that is there is left as it is. Throws `config` where that cannot be. */
export async function createRunFolder(folder: RunFolder): Promise<void> {
  mustBeTrusted(folder);
  try {
    await mkdir(folder.path, {recursive: true, mode: 0o700});
    await mkdir(folder.lanes, {recursive: true, mode: 0o700});
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

/** The file's text, null when there is no such file. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

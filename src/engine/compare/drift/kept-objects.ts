import {join} from 'node:path';
import {readIfThere, writeWhole, type RunFolder} from '../../run/run-folder.ts';
import type {ObjectThen} from './drift.ts';
import {nothingSeen, type SeenObjects, type Turned} from './seen-objects.ts';

/** What one supervisor has seen, for the next: what it was seen as in between is in no catalog any more. Of another P it says nothing. */
interface Kept {
  readonly p: string;
  readonly drifted: readonly (readonly [name: string, ObjectThen])[];
  /** Left out by a build that kept the last of them alone. */
  readonly ways?: readonly (readonly [name: string, Turned])[];
}

function pathIn({path}: Pick<RunFolder, 'path'>): string {
  return join(path, 'objects-seen.json');
}

/** What was seen of the objects since this P; nothing where none was kept, or it cannot be read. */
export async function readSeen(folder: Pick<RunFolder, 'path'>, p: string): Promise<SeenObjects> {
  const text = await readIfThere(pathIn(folder));
  if (text === null) return nothingSeen();
  try {
    const kept: Kept = JSON.parse(text);
    if (kept.p !== p) return nothingSeen();
    return {...nothingSeen(), drifted: new Map(kept.drifted), turned: new Map(kept.ways)};
  } catch {
    // A full disk: what has turned back meanwhile is told by nobody.
    return nothingSeen();
  }
}

/** Keeps it, where it has changed since it was kept. */
export async function keepSeen(folder: Pick<RunFolder, 'path'>, p: string, seen: SeenObjects): Promise<void> {
  const {changes} = seen;
  if (changes === seen.kept) return;
  const kept: Kept = {p, drifted: [...seen.drifted], ways: [...seen.turned]};
  await writeWhole(pathIn(folder), `${JSON.stringify(kept)}\n`);
  seen.kept = changes;
}

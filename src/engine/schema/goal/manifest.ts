import type {Config} from '../../../config/config.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {readChecks, readTableMarks, type CheckRow, type TableMarkRow} from '../../../pg/catalog/checks.ts';
import {
  readComments,
  readForeignKeys,
  readIndexes,
  readTriggers,
  type CommentRow,
  type ForeignKeyRow,
  type IndexRow,
  type TriggerRow,
} from '../../../pg/catalog/indexes.ts';
import type {Session} from '../../../pg/session/session.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import {parseKept, readIfThere, writeWhole, type RunFolder} from '../../run/run-folder.ts';

/** What is missing, or to be built, or too much. */
export interface Objects {
  readonly indexes: readonly IndexRow[];
  readonly foreignKeys: readonly ForeignKeyRow[];
  readonly triggers: readonly TriggerRow[];
  readonly checks: readonly CheckRow[];
}

/**
 * What a database has of indexes, index constraints, foreign keys, triggers and checks, with their states and comments, and what its tables say
 * of their rows. The source's is the goal of build-indexes.
 */
export interface Manifest extends Objects {
  readonly comments: readonly CommentRow[];
  readonly tables: readonly TableMarkRow[];
}

/**
 * The part of the source's manifest that can come back: an invalid index was left by a CREATE INDEX CONCURRENTLY that failed, and to build it
 * would fail again. That of a partitioned table is invalid as long as a partition has none, and is a shell on the target, too. A foreign key to a table
 * that stays behind has nothing to hang on; preflight names it. Pure.
 */
export function restorable(manifest: Manifest, tables: Config['tables']): Manifest {
  const indexes = manifest.indexes.filter((index) => index.valid || index.partitioned);
  const foreignKeys = manifest.foreignKeys.filter((key) => isWanted({schema: key.toSchema, name: key.toTable}, tables));
  const gone = [...without(manifest.indexes, indexes), ...without(manifest.foreignKeys, foreignKeys)];
  return {...manifest, indexes, foreignKeys, comments: without(manifest.comments, gone)};
}

/** What the target is to have in the end: the manifest of the source, or of its replica at P, as far as it can come back. */
export async function readGoal(session: Session, tables: Config['tables']): Promise<Manifest> {
  return restorable(await readManifest(session, tables), tables);
}

/** Reads the manifest of the tables that move. */
export async function readManifest(session: Session, tables: Config['tables']): Promise<Manifest> {
  const wanted = (row: {schema: string; table: string}): boolean =>
    isWanted({schema: row.schema, name: row.table}, tables);
  return {
    indexes: (await session.run(readIndexes(session.version))).filter((row) => wanted(row)),
    foreignKeys: (await session.run(readForeignKeys(session.version))).filter((row) => wanted(row)),
    triggers: (await session.run(readTriggers(session.version))).filter((row) => wanted(row)),
    checks: (await session.run(readChecks(session.version))).filter((row) => wanted(row)),
    comments: (await session.run(readComments())).filter((row) => wanted(row)),
    tables: (await session.run(readTableMarks())).filter((row) => wanted(row)),
  };
}

const READ_AGAIN = 'longhaul run --from prove-boundary reads it again, while the replica is at P; what is loaded stays';

/** The source's manifest as copy-schema kept it. Throws when there is none yet. */
export async function readManifestFile(folder: RunFolder): Promise<Manifest> {
  const text = await readIfThere(folder.manifest);
  if (text === null) {
    throw new LonghaulError({
      code: 'failed',
      message: `there is no manifest yet (${folder.manifest})`,
      remedy: 'longhaul run --from copy-schema',
    });
  }
  const manifest = parseKept<Manifest>(text, {
    path: folder.manifest,
    keys: ['indexes'],
    remedy: READ_AGAIN,
  });
  // What has no checks was written before states were compared: by it, every index would seem to be another.
  if ('checks' in manifest) return manifest;
  throw new LonghaulError({
    code: 'failed',
    message: `the manifest was written by an earlier version and knows no states (${folder.manifest})`,
    remedy: READ_AGAIN,
  });
}

/** Keeps the manifest for the run and for people. */
export async function writeManifestFile(folder: RunFolder, manifest: Manifest): Promise<void> {
  await writeWhole(folder.manifest, `${JSON.stringify(manifest, null, 1)}\n`);
}

/** What `there` has and `wanted` has not. Pure. */
export function unknownIn(wanted: Objects, there: Objects): Objects {
  return {
    indexes: without(there.indexes, wanted.indexes),
    foreignKeys: without(there.foreignKeys, wanted.foreignKeys),
    triggers: without(there.triggers, wanted.triggers),
    checks: without(there.checks, wanted.checks),
  };
}

/** What an object is told from others by. */
export interface Named {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
}

function without<Row extends Named>(rows: readonly Row[], others: readonly Named[]): Row[] {
  const known = new Set(others.map((row) => keyOf(row)));
  return rows.filter((row) => !known.has(keyOf(row)));
}

/** An object's place in a map. Pure. */
export function keyOf({schema, table, name}: Named): string {
  return JSON.stringify([schema, table, name]);
}

/** The comments that `there` lacks, of objects that are not in `later`. Pure. */
export function missingComments(wanted: Manifest, there: Manifest, later: Objects): CommentRow[] {
  const waits = [...later.indexes, ...later.foreignKeys, ...later.triggers, ...later.checks];
  const known = new Set(there.comments.map((comment) => commentKey(comment)));
  return without(wanted.comments, waits).filter((comment) => !known.has(commentKey(comment)));
}

function commentKey({kind, schema, table, name, text}: CommentRow): string {
  return JSON.stringify([kind, schema, table, name, text]);
}

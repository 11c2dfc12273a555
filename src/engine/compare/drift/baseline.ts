import {randomUUID} from 'node:crypto';
import {open, rename, type FileHandle} from 'node:fs/promises';
import {join} from 'node:path';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import {
  catalogsOfObjects,
  catalogsOfParts,
  countOwned,
  readHorizon,
  readOidsOf,
  type ObjectKey,
  type OwnedRows,
} from '../../../pg/objects/drift/catalogs.ts';
import {isoTime} from '../../../domain/base/iso-time.ts';
import {fenceBroken, fenceLine} from '../../../domain/pg/boundary.ts';
import {readReplicaPosition} from '../../../pg/replication/replica.ts';
import {readFactsOf, type ChosenFact} from '../../../pg/objects/drift/chosen-facts.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {RunFolder} from '../../run/run-folder.ts';
import type {StepContext} from '../../step.ts';

/** What the first line of the file says. */
interface Head {
  /** The fence of the P that it was read at. */
  readonly p: string;
  readonly version: ServerVersion;
  /** What is not older than this transaction may have been written since. */
  readonly horizon: string;
  /** `replica`, paused at P; else the source, at the time when it was read. */
  readonly from: 'replica' | 'source';
  readonly at: string;
}

/** What the source's catalogs held at P: in a file, with an index of where each object is in it. */
export interface Baseline extends Head {
  readonly objects: ReadonlySet<string>;
  /** How many rows of a catalog each object had, by the catalog: `pg_class 16423` → 2 rows of pg_index. */
  readonly owned: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** The facts of one object, empty where it was not there. */
  read(key: ObjectKey): Promise<readonly ChosenFact[]>;
  close(): Promise<void>;
}

/** So many objects are read in one statement where nobody waits behind it. */
const AT_ONCE = 500;

/** An object as a key of maps: `pg_class 16423`. Pure. */
export function nameOfKey({catalog, oid}: ObjectKey): string {
  return `${catalog} ${oid}`;
}

const OWNED = 'owned';

/** How many rows each object has, as pairs. Pure. */
export function rowsOf(owned: readonly OwnedRows[]): [string, number][] {
  return owned.map(({rows, ...key}) => [nameOfKey(key), rows]);
}

/** And back. Pure. */
export function keyOfName(name: string): ObjectKey {
  const [catalog = '', oid = ''] = name.split(' ');
  return {catalog, oid};
}

function pathIn({path}: RunFolder): string {
  return join(path, 'objects-at-p.jsonl');
}

/** What a part has not is left out: most have little of what they could have. */
function slim(facts: readonly ChosenFact[]): ChosenFact[] {
  return facts.map((fact) => ({
    ...fact,
    parts: Object.fromEntries(Object.entries(fact.parts).filter(([, value]) => value !== null)),
  }));
}

/** Reads all objects from a server and keeps them in the run folder. `around` is told of each statement, and may fail it. */
export async function takeBaseline(
  folder: RunFolder,
  session: Session,
  {p, from, at}: Pick<Head, 'p' | 'from' | 'at'>,
): Promise<void> {
  // The watch and the step that leaves P may both read it.
  const draft = `${pathIn(folder)}.${randomUUID()}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    const {version} = session;
    const {horizon} = await session.one(readHorizon());
    await file.appendFile(`${JSON.stringify({p, version, horizon, from, at} satisfies Head)}\n`);
    for (const catalog of catalogsOfObjects(version)) {
      const oids = (await session.run(readOidsOf(version, catalog))).map(({oid}) => oid);
      for (let first = 0; first < oids.length; first += AT_ONCE) {
        const facts = await session.run(readFactsOf(version, catalog, oids.slice(first, first + AT_ONCE)));
        const lines = [...Map.groupBy(facts, ({oid}) => oid)].map(
          ([oid, own]) => `${nameOfKey({catalog, oid})}\t${JSON.stringify(slim(own))}\n`,
        );
        await file.appendFile(lines.join(''));
      }
    }
    for (const catalog of catalogsOfParts(version)) {
      const owned = await session.run(countOwned(version, catalog));
      await file.appendFile(`${OWNED} ${catalog}\t${JSON.stringify(rowsOf(owned))}\n`);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, pathIn(folder));
}

/** The baseline of this P; null where none was kept. */
export async function openBaseline(folder: RunFolder, p: string): Promise<Baseline | null> {
  const file = await open(pathIn(folder), 'r').catch(() => null);
  if (file === null) return null;
  const index = new Map<string, {readonly start: number; readonly length: number}>();
  const owned = new Map<string, ReadonlyMap<string, number>>();
  let head: Head | null = null;
  for await (const {start, line} of linesOf(file)) {
    head ??= parseHead(line);
    if (head?.p !== p) break;
    const tab = line.indexOf('\t');
    const [word, catalog = ''] = line.subarray(0, Math.max(0, tab)).toString().split(' ');
    if (word === OWNED) {
      const rows: [string, number][] = JSON.parse(line.subarray(tab + 1).toString());
      owned.set(catalog, new Map(rows));
    } else if (tab > 0)
      index.set(line.subarray(0, tab).toString(), {start: start + tab + 1, length: line.length - tab - 1});
  }
  if (head?.p !== p) {
    await file.close();
    return null;
  }
  return {
    ...head,
    objects: new Set(index.keys()),
    owned,
    read: async (key) => {
      const place = index.get(nameOfKey(key));
      if (place === undefined) return [];
      const {buffer} = await file.read(Buffer.alloc(place.length), 0, place.length, place.start);
      const facts: ChosenFact[] = JSON.parse(buffer.toString());
      return facts;
    },
    close: async () => file.close(),
  };
}

/** Reads the objects of P from the replica, unless they are kept or it is not at P any more: the last moment before P is left. */
export async function keepBaseline(
  ctx: Pick<StepContext, 'folder' | 'state' | 'now'>,
  replica: Session,
): Promise<void> {
  const {boundary} = ctx.state();
  if (boundary === null) return;
  const p = fenceLine(boundary);
  const kept = await openBaseline(ctx.folder, p);
  await kept?.close();
  if (kept !== null || fenceBroken(boundary, await replica.one(readReplicaPosition(replica.version))) !== null) return;
  await takeBaseline(ctx.folder, replica, {p, from: 'replica', at: isoTime(ctx.now())});
}

function parseHead(line: Buffer): Head | null {
  try {
    const head: Head = JSON.parse(line.toString());
    return head;
  } catch {
    return null;
  }
}

const BLOCK = 1024 * 1024;
const NEWLINE = 10;

/** The lines of a file with where each begins, in bytes. All are read into one buffer: a line is good until the next is asked for. */
async function* linesOf(file: FileHandle): AsyncGenerator<{start: number; line: Buffer}> {
  let block = Buffer.alloc(BLOCK);
  /** What of it is a line without its end so far, and where in the file that begins. */
  let [kept, start] = [0, 0];
  for (;;) {
    if (kept === block.length) block = Buffer.concat([block, Buffer.alloc(block.length)]);
    const {bytesRead} = await file.read(block, kept, block.length - kept, start + kept);
    if (bytesRead === 0) return;
    const read = block.subarray(0, kept + bytesRead);
    let from = 0;
    for (let end = read.indexOf(NEWLINE, kept); end !== -1; end = read.indexOf(NEWLINE, from)) {
      yield {start: start + from, line: read.subarray(from, end)};
      from = end + 1;
    }
    block.copyWithin(0, from, read.length);
    start += from;
    kept = read.length - from;
  }
}

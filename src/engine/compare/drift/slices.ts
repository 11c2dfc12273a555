import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import {
  catalogsOfObjects,
  catalogsOfParts,
  countOwned,
  EVERY_OID,
  readHorizon,
  readOidsOf,
  readTouched,
  watchedCatalogs,
  type CatalogCounter,
  type ObjectKey,
  type OidRange,
} from '../../../pg/objects/drift/catalogs.ts';
import {readFactsOf, type ChosenFact} from '../../../pg/objects/drift/chosen-facts.ts';
import type {Session} from '../../../pg/session/session.ts';
import {keyOfName, nameOfKey, rowsOf, type Baseline} from './baseline.ts';

/** One short statement on the source. */
export type Slice =
  | {readonly kind: 'touched'; readonly catalog: string; readonly range: OidRange; readonly horizon: string}
  | {readonly kind: 'gone'; readonly catalog: string}
  | {readonly kind: 'owned'; readonly catalog: string}
  | {readonly kind: 'facts'; readonly catalog: string; readonly oids: readonly string[]};

/** Hears what is so now of objects that were written. */
export type Hear = (
  objects: readonly {readonly key: ObjectKey; readonly now: readonly ChosenFact[]}[],
) => Promise<void>;

/** Objects of which so much is read at once that it takes a moment. */
const AT_ONCE = 50;
/** Relations whose columns are looked through at once. */
const RELATIONS_AT_ONCE = 5000;
/** Catalogs with many rows for each relation. */
const LARGE: ReadonlySet<string> = new Set(['pg_attribute', 'pg_class', 'pg_attrdef', 'pg_constraint', 'pg_index']);

/** What of the catalogs has to be read since their counters were read last; null for all of it. Pure. */
export function sliceCatalogs(
  baseline: Pick<Baseline, 'objects' | 'version'>,
  {
    written,
    deleted,
    horizonOf,
  }: {
    readonly written: ReadonlySet<string> | null;
    readonly deleted: ReadonlySet<string> | null;
    readonly horizonOf: (catalog: string) => string;
  },
): Slice[] {
  const ranges = rangesOf(baseline.objects);
  const {version} = baseline;
  return [
    ...watchedCatalogs(version)
      .filter((catalog) => written?.has(catalog) !== false)
      .flatMap((catalog) =>
        (LARGE.has(catalog) ? ranges : [EVERY_OID]).map((range): Slice => ({
          kind: 'touched',
          catalog,
          range,
          horizon: horizonOf(catalog),
        })),
      ),
    ...catalogsOfObjects(version)
      .filter((catalog) => deleted?.has(catalog) !== false)
      .map((catalog): Slice => ({kind: 'gone', catalog})),
    ...catalogsOfParts(version)
      .filter((catalog) => deleted?.has(catalog) !== false)
      .map((catalog): Slice => ({kind: 'owned', catalog})),
  ];
}

/** Ranges of oids that hold about as many relations each; what has come since is in the last. */
function rangesOf(objects: ReadonlySet<string>): OidRange[] {
  const oids = [...objects]
    .flatMap((name) => (name.startsWith('pg_class ') ? [Number(name.slice('pg_class '.length))] : []))
    .toSorted((a, b) => a - b);
  const bounds = oids.filter((_, at) => at > 0 && at % RELATIONS_AT_ONCE === 0).map(String);
  return [EVERY_OID.from, ...bounds].map((from, at) => ({from, to: bounds[at] ?? EVERY_OID.to}));
}

/** What slices are read against. */
export interface Reading {
  readonly baseline: Pick<Baseline, 'objects' | 'owned'>;
  /** How many rows of a catalog each object had when they were counted last, by the catalog. */
  readonly owned: Map<string, ReadonlyMap<string, number>>;
  /** Those that are not as they were at P, by their names: what came since and goes again is in no baseline. */
  readonly known: Pick<ReadonlyMap<string, unknown>, 'keys'>;
  readonly hear: Hear;
}

/** Reads one slice, and gives those that follow from it. */
export async function readSlice(
  session: Session,
  slice: Slice,
  {baseline, owned, known, hear}: Reading,
): Promise<Slice[]> {
  const {version} = session;
  switch (slice.kind) {
    case 'touched':
      return factSlices(version, await session.run(readTouched(version, slice.catalog, slice)));
    case 'gone': {
      const {catalog} = slice;
      const there = new Set(
        (await session.run(readOidsOf(version, catalog))).map(({oid}) => nameOfKey({catalog, oid})),
      );
      const gone = [...new Set([...baseline.objects, ...known.keys()])].filter(
        (name) => name.startsWith(`${catalog} `) && !there.has(name),
      );
      await hear(gone.map((name) => ({key: {catalog, oid: name.slice(catalog.length + 1)}, now: []})));
      return [];
    }
    case 'owned': {
      const {catalog} = slice;
      const rows = new Map(rowsOf(await session.run(countOwned(version, catalog))));
      const before = owned.get(catalog) ?? baseline.owned.get(catalog) ?? new Map<string, number>();
      owned.set(catalog, rows);
      const fewer = [...before].filter(([name, count]) => (rows.get(name) ?? 0) < count);
      return factSlices(
        version,
        fewer.map(([name]) => keyOfName(name)),
      );
    }
    case 'facts': {
      const {catalog, oids} = slice;
      const facts = Map.groupBy(await session.run(readFactsOf(version, catalog, oids)), ({oid}) => oid);
      await hear(oids.map((oid) => ({key: {catalog, oid}, now: facts.get(oid) ?? []})));
      return [];
    }
  }
}

function factSlices(version: ServerVersion, touched: readonly ObjectKey[]): Slice[] {
  const known = new Set(catalogsOfObjects(version));
  return [...Map.groupBy(touched, ({catalog}) => catalog)].flatMap(([catalog, keys]) => {
    if (!known.has(catalog)) return [];
    const oids = keys.map(({oid}) => oid);
    const starts = Array.from({length: Math.ceil(oids.length / AT_ONCE)}, (_, at) => at * AT_ONCE);
    return starts.map((from): Slice => ({kind: 'facts', catalog, oids: oids.slice(from, from + AT_ONCE)}));
  });
}

/** Which counters have moved since; null, which is all, where the server does not count, or none were read before. Pure. */
export function movedSince(
  before: readonly CatalogCounter[] | null,
  now: readonly CatalogCounter[],
): {readonly written: ReadonlySet<string>; readonly deleted: ReadonlySet<string>} | null {
  if (before === null || now.length === 0) return null;
  const known = new Map(before.map((one) => [one.catalog, one]));
  const moved = (what: 'written' | 'deleted'): ReadonlySet<string> =>
    new Set(now.flatMap((one) => (known.get(one.catalog)?.[what] === one[what] ? [] : [one.catalog])));
  return {written: moved('written'), deleted: moved('deleted')};
}

/** From when on rows may be written that are not seen now. */
export async function horizonNow(session: Session): Promise<string> {
  return (await session.one(readHorizon())).horizon;
}

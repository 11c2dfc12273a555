import type {Finding} from '../../../domain/run/finding.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {readDataHazards, type Hazard, type HazardRow} from '../../../pg/catalog/data-hazards.ts';
import {
  holdsRows,
  readDatabaseFacts,
  readNotedColumns,
  readSequences,
  readTables,
  readUniqueIndexes,
  type TableRow,
} from '../../../pg/catalog/inventory.ts';
import type {CaptureEngine} from '../../capture/capture.ts';
import {engineOf} from '../../capture/engines.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import type {PreflightContext} from '../read-once.ts';
import {found, listed} from '../found.ts';
import type {CaptureTopic, Row, Told} from './told.ts';

/** What of the data the procedure or CDC does not carry as it is. */
export async function checkData(ctx: PreflightContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const wanted = (row: RelationName): boolean => isWanted(row, ctx.config.tables);
  return judgeData({
    tables: (await ctx.once('source', readTables(source.version))).filter((row) => wanted(row)),
    uniques: (await source.run(readUniqueIndexes(source.version))).filter((row) => wanted(row)),
    lobs: (await source.run(readNotedColumns())).filter((row) => row.lob && wanted(row)),
    hazards: (await source.run(readDataHazards(source.version))).filter((row) => wanted(row)),
    sequences: (await source.run(readSequences())).length,
    largeObjects: (await source.one(readDatabaseFacts())).largeObjects,
    capture: engineOf(ctx.config),
  });
}

/** What was seen of the data. */
export interface DataSeen {
  readonly tables: readonly TableRow[];
  readonly uniques: readonly RelationName[];
  readonly lobs: readonly RelationName[];
  readonly hazards: readonly HazardRow[];
  readonly sequences: number;
  readonly largeObjects: number;
  readonly capture: Pick<CaptureEngine, 'data' | 'needs'> & Partial<Pick<CaptureEngine, 'live'>>;
}

/** What matters to every move. */
const HAZARDS: Readonly<Record<Exclude<Hazard, CaptureTopic>, Told>> = {
  'type gone': {
    severity: 'blocker',
    check: 'type-gone',
    words: 'columns of abstime, reltime, tinterval or unknown, which no target from 12 on has',
    remedy: (rows) => rewriting(rows, ({detail = ''}, table) => changeType(table, detail)),
  },
  'hash of oids': {
    severity: 'blocker',
    check: 'hash-of-oids',
    words:
      'partitions by the hash of an enum, or of a name of the catalog as regclass: it is the hash of an oid, which is another on the target, where the rows belong to other partitions, so that neither a load nor change capture brings them',
    remedy:
      'on the source: partition the table by list or range, or by the hash of the column as text; or leave it out with its partitions (tables.exclude), and copy it through its parent (pg_dump --load-via-partition-root) while writes are stopped',
  },
  'with oids': {
    severity: 'warning',
    check: 'with-oids',
    words: 'tables WITH OIDS: the target has none, and the oids of their rows stay behind',
    remedy: (rows) =>
      `see that nothing reads the column oid, and add a column where something does; ${rewriting(rows, (_, table) => `ALTER TABLE ${table} SET WITHOUT OIDS`)}; or leave the oids behind`,
  },
  'invalid index': {
    severity: 'warning',
    check: 'invalid-index',
    words: 'invalid indexes, left by a CREATE INDEX CONCURRENTLY that failed: they are not built on the target',
    remedy: (rows) =>
      `see that no CREATE INDEX CONCURRENTLY is building them now; on the source, as superuser: ${each(rows, ({schema, detail = ''}) => `DROP INDEX CONCURRENTLY ${quoteRelation({schema, name: detail})}`)}; build those that are wanted again with CREATE INDEX CONCURRENTLY`,
  },
  'foreign table': {
    severity: 'note',
    check: 'foreign-table',
    words: 'foreign tables: their definition is copied, their rows lie elsewhere',
  },
  inheritance: {
    severity: 'note',
    check: 'inheritance',
    words: 'tables that inherit: parent and child are loaded each with its own rows',
  },
  partition: {
    severity: 'note',
    check: 'partition',
    words: 'partitions: each is loaded by itself, its parent has no rows',
  },
  'identity column': {
    severity: 'note',
    check: 'identity',
    words: 'identity columns: their values are copied; their sequences are set again at cutover',
  },
  'generated column': {
    severity: 'note',
    check: 'generated',
    words: 'generated columns: the target computes them itself',
  },
};

/** Where the cutover copies what change capture does not carry (docs/decisions/0072-copy-the-rest.md). */
const UNLOGGED_COPIED: Told = {
  severity: 'note',
  check: 'unlogged',
  words:
    'they are unlogged and therefore empty on the replica: their rows are copied by the cutover, while writes are stopped (cutover.unlogged)',
};
const UNLOGGED: Told = {
  severity: 'warning',
  check: 'unlogged',
  words: 'they are unlogged and therefore empty on the replica: their rows are not copied',
  remedy: (rows) =>
    `${rewriting(rows, (_, table) => `ALTER TABLE ${table} SET LOGGED`)}; or fill them anew on the target`,
};
/** Pure. */
export function judgeData(seen: DataSeen): Finding[] {
  const {tables, uniques, lobs, hazards, capture} = seen;
  const isCopied = (capture.live ?? null) !== null;
  const words: Readonly<Partial<Record<Hazard | CaptureTopic, Told>>> = {...HAZARDS, ...capture.data};
  const keyed = new Set(tables.filter(({primaryKey}) => primaryKey !== null).map((table) => quoteRelation(table)));
  const beside = uniques.filter((row) => keyed.has(quoteRelation(row)));
  const all: readonly (readonly [Told | undefined, readonly Row[]])[] = [
    [words['no replica key'], tables.filter((table) => holdsRows(table) && !table.hasReplicaKey)],
    [isCopied ? UNLOGGED_COPIED : UNLOGGED, tables.filter((table) => table.persistence === 'u')],
    ...Object.entries(words).map(([hazard, told]) => [told, hazards.filter((row) => row.hazard === hazard)] as const),
    [words['unique beside the key'], beside],
    [words['lob column'], lobs],
  ];
  return [
    ...all.flatMap(([told, rows]) => (told === undefined || rows.length === 0 ? [] : [about(told, rows)])),
    ...aboutSequences(seen.sequences),
    ...aboutObjects(seen.largeObjects, {withCdc: capture.needs.slots !== null, isCopied}),
  ];
}

/** So many statements are written out; whoever has more of them writes a script. */
const SHOWN = 10;

function each(rows: readonly Row[], statement: (row: Row) => string): string {
  const more = rows.length > SHOWN ? `; and so for the other ${rows.length - SHOWN}` : '';
  return rows.slice(0, SHOWN).map(statement).join('; ') + more;
}

/** Statements that rewrite their table and let nobody at it meanwhile; whoever waits for that lock holds up all who come after. */
function rewriting(rows: readonly Row[], statement: (row: Row, table: string) => string): string {
  const all = each(rows, (row) => statement(row, quoteRelation(row)));
  return `it rewrites the table and keeps everybody out of it meanwhile, so in a quiet hour, on the source, as superuser: SET lock_timeout = '2s'; ${all}`;
}

/** `detail` is the column and its type, `at abstime`. 12 has neither the types nor their casts. */
function changeType(table: string, detail: string): string {
  const at = detail.lastIndexOf(' ');
  const column = quoteIdentifier(detail.slice(0, at));
  const types: Readonly<Record<string, string>> = {abstime: 'timestamptz', reltime: 'interval'};
  const to = types[detail.slice(at + 1)] ?? 'text';
  return `ALTER TABLE ${table} ALTER COLUMN ${column} TYPE ${to} USING ${column}::${to}`;
}

function about({severity, check, words, remedy = ''}: Told, rows: readonly Row[]): Finding {
  const names = [...new Set(rows.map(({schema, name}) => formatRelation({schema, name})))];
  const subject = names.length === 1 ? '1 table' : `${names.length} tables`;
  return {
    check: `data.${check}`,
    severity,
    subject,
    seen: `${words} (${listed(names)})`,
    remedy: typeof remedy === 'string' ? remedy : remedy(rows),
  };
}

function aboutSequences(count: number): Finding[] {
  const words = `${count} sequences: no change capture carries them, they are copied again at cutover`;
  return count === 0 ? [] : [found('data', 'sequences').note('sequences', words)];
}

function aboutObjects(
  count: number,
  {withCdc, isCopied}: {readonly withCdc: boolean; readonly isCopied: boolean},
): Finding[] {
  if (count === 0) return [];
  const {warning, note} = found('data', 'large objects');
  if (isCopied) {
    const words = `${count} large objects: copied at P; the cutover compares all that they hold, while writes are stopped, and copies what differs (cutover.large_objects)`;
    return [note('large-objects', words)];
  }
  const seen = `${count} large objects: copied at P, and no change capture carries what is written to them later`;
  return [
    withCdc
      ? warning('large-objects', seen, 'let nobody write large objects until cutover, or move them into bytea')
      : note('large-objects', seen),
  ];
}

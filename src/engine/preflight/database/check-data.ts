import type {Config} from '../../../config/config.ts';
import type {Finding, Severity} from '../../../domain/run/finding.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {formatRelation, quoteRelation, sameRelation, type RelationName} from '../../../domain/pg/relation.ts';
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
import {isWanted} from '../../inventory/is-wanted.ts';
import type {StepContext} from '../../step.ts';
import {found, listed} from '../found.ts';

/** What of the data the procedure or CDC does not carry as it is. */
export async function checkData(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const wanted = (row: RelationName): boolean => isWanted(row, ctx.config.tables);
  return judgeData({
    tables: (await source.run(readTables(source.version))).filter((row) => wanted(row)),
    uniques: (await source.run(readUniqueIndexes(source.version))).filter((row) => wanted(row)),
    lobs: (await source.run(readNotedColumns())).filter((row) => row.lob && wanted(row)),
    hazards: (await source.run(readDataHazards(source.version))).filter((row) => wanted(row)),
    sequences: (await source.run(readSequences())).length,
    largeObjects: (await source.one(readDatabaseFacts())).largeObjects,
    engine: ctx.config.cdc.engine,
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
  readonly engine: Config['cdc']['engine'];
}

/** A table, and which of its columns or indexes is meant where that was told. */
type Row = RelationName & {readonly detail?: string};

interface Told {
  readonly severity: Severity;
  readonly check: string;
  readonly words: string;
  readonly remedy?: string | ((rows: readonly Row[]) => string);
  /** Whether it only matters to change capture. */
  readonly cdcOnly?: true;
}

const HAZARDS: Readonly<Record<Hazard, Told>> = {
  'type gone': {
    severity: 'blocker',
    check: 'type-gone',
    words: 'columns of abstime, reltime, tinterval or unknown, which no target from 12 on has',
    remedy: (rows) => rewriting(rows, ({detail = ''}, table) => changeType(table, detail)),
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
  'numeric or char': {
    severity: 'note',
    check: 'dms-types',
    words: 'columns of numeric without precision or char(n): DMS rounds or trims them unless told otherwise',
    cdcOnly: true,
  },
  'deferrable or exclusion': {
    severity: 'note',
    check: 'constraints',
    words: 'deferrable or exclusion constraints: an apply in another order may trip over them',
    cdcOnly: true,
  },
  'replica identity': {
    severity: 'note',
    check: 'replica-identity',
    words:
      'a replica identity that is not the default: FULL and NOTHING carry no updates and deletes through pglogical',
    cdcOnly: true,
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

const NO_KEY: Told = {
  severity: 'warning',
  check: 'no-key',
  words: 'the WAL names no key of their rows: their inserts are captured, their updates and deletes are not',
  remedy:
    'give them a primary key and REPLICA IDENTITY DEFAULT (a unique index made CONCURRENTLY, then ADD PRIMARY KEY USING INDEX, keeps the lock short); or let nobody update or delete in them until cutover',
  cdcOnly: true,
};
const UNLOGGED: Told = {
  severity: 'warning',
  check: 'unlogged',
  words: 'they are unlogged and therefore empty on the replica: their rows are not copied',
  remedy: (rows) =>
    `${rewriting(rows, (_, table) => `ALTER TABLE ${table} SET LOGGED`)}; or fill them anew on the target`,
};
const UNIQUE: Told = {
  severity: 'note',
  check: 'unique',
  words: "unique indexes beside the primary key: DMS's batch apply fails on them (load.unique: after-catch-up)",
  cdcOnly: true,
};
const LOBS: Told = {
  severity: 'note',
  check: 'lobs',
  words: 'columns that are LOBs to DMS; the inventory (longhaul plan) measures the largest value of each in kB',
  cdcOnly: true,
};

/** Pure. */
export function judgeData(seen: DataSeen): Finding[] {
  const {tables, uniques, lobs, hazards, engine} = seen;
  const all: readonly (readonly [Told, readonly Row[]])[] = [
    [NO_KEY, tables.filter((table) => holdsRows(table) && !table.hasReplicaKey)],
    [UNLOGGED, tables.filter((table) => table.persistence === 'u')],
    ...Object.entries(HAZARDS).map(([hazard, told]) => [told, hazards.filter((row) => row.hazard === hazard)] as const),
    [UNIQUE, uniques.filter((row) => tables.some((table) => sameRelation(table, row) && table.primaryKey !== null))],
    [LOBS, lobs],
  ];
  const withCdc = engine !== 'none';
  return [
    ...all.filter(([told, rows]) => rows.length > 0 && (withCdc || told.cdcOnly !== true)).map((one) => about(...one)),
    ...aboutSequences(seen.sequences),
    ...aboutObjects(seen.largeObjects, withCdc),
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

function aboutObjects(count: number, withCdc: boolean): Finding[] {
  if (count === 0) return [];
  const {warning, note} = found('data', 'large objects');
  const seen = `${count} large objects: copied at P, and no change capture carries what is written to them later`;
  return [
    withCdc
      ? warning('large-objects', seen, 'let nobody write large objects until cutover, or move them into bytea')
      : note('large-objects', seen),
  ];
}

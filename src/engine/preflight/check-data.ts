import type {Config} from '../../config/config.ts';
import type {Finding, Severity} from '../../domain/finding.ts';
import {formatRelation, sameRelation, type RelationName} from '../../domain/relation.ts';
import {readDataHazards, type Hazard, type HazardRow} from '../../pg/data-hazards.ts';
import {
  holdsRows,
  readDatabaseFacts,
  readNotedColumns,
  readSequences,
  readTables,
  readUniqueIndexes,
  type TableRow,
} from '../../pg/inventory.ts';
import {isWanted} from '../inventory/is-wanted.ts';
import type {StepContext} from '../step.ts';
import {found, listed} from './found.ts';

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

interface Told {
  readonly severity: Severity;
  readonly check: string;
  readonly words: string;
  readonly remedy?: string;
  /** Whether it only matters to change capture. */
  readonly cdcOnly?: true;
}

const HAZARDS: Readonly<Record<Hazard, Told>> = {
  'type gone': {
    severity: 'blocker',
    check: 'type-gone',
    words: 'columns of abstime, reltime, tinterval or unknown, which no target from 12 on has',
    remedy: 'ALTER TABLE … ALTER COLUMN … TYPE timestamptz (or interval, text) on the source first',
  },
  'with oids': {
    severity: 'warning',
    check: 'with-oids',
    words: 'tables WITH OIDS: the target has none, and the oids of their rows stay behind',
    remedy:
      'see that nothing reads the column oid; ALTER TABLE … SET WITHOUT OIDS on the source, or add a column of your own',
  },
  'invalid index': {
    severity: 'warning',
    check: 'invalid-index',
    words: 'invalid indexes, left by a CREATE INDEX CONCURRENTLY that failed: they are not built on the target',
    remedy: 'DROP INDEX them on the source, or REINDEX them if they are wanted',
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
  remedy: 'give them a primary key and REPLICA IDENTITY DEFAULT, or let nobody update or delete in them until cutover',
  cdcOnly: true,
};
const UNLOGGED: Told = {
  severity: 'warning',
  check: 'unlogged',
  words: 'they are unlogged and therefore empty on the replica: their rows are not copied',
  remedy: 'ALTER TABLE … SET LOGGED on the source, or fill them anew on the target',
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
  const all: readonly (readonly [Told, readonly RelationName[]])[] = [
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

function about({severity, check, words, remedy = ''}: Told, rows: readonly RelationName[]): Finding {
  const names = [...new Set(rows.map(({schema, name}) => formatRelation({schema, name})))];
  const subject = names.length === 1 ? '1 table' : `${names.length} tables`;
  return {check: `data.${check}`, severity, subject, seen: `${words} (${listed(names)})`, remedy};
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

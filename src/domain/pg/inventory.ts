import type {Lsn} from './lsn.ts';
import type {NoRangeKey, RangeKey} from './range-key.ts';
import type {RelationName} from './relation.ts';
import type {ServerVersion} from './server-version.ts';

/** A column whose values may be larger than what DMS calls a LOB limit. */
export interface LobColumn {
  readonly column: string;
  /** As format_type() gives it: `text`, `jsonb`, `bytea`. */
  readonly type: string;
  /** The largest value in kilobytes, rounded up; null when it was not measured (a time-out). */
  readonly maxKb: number | null;
}

/** A unique index beside the primary key. */
export interface UniqueIndex {
  readonly name: string;
  readonly columns: readonly string[];
  /** Whether a constraint owns it. */
  readonly constraint: boolean;
}

/** One table of the database that moves. Partitioned parents hold no rows; their partitions are separate tables. */
export interface InventoryTable {
  readonly relation: RelationName;
  readonly kind: 'table' | 'partitioned';
  readonly persistence: 'permanent' | 'unlogged';
  /** The parent of a partition or of an inheriting table, null for others. */
  readonly parent: RelationName | null;
  readonly isPartition: boolean;
  /** Bytes of the main fork, of TOAST with its index, and of all indexes. */
  readonly heapBytes: number;
  readonly toastBytes: number;
  readonly indexBytes: number;
  /** reltuples; null when the table was never analyzed. */
  readonly rowsEstimate: number | null;
  /** Inserts, updates and deletes per second since the statistics were reset; null when unknown. */
  readonly writesPerSecond: number | null;
  readonly primaryKey: readonly string[] | null;
  /**
   * Whether the WAL names the row of an update or delete by a key, as pglogical wants it: a primary key that is not deferrable under
   * REPLICA IDENTITY DEFAULT, or the index of USING INDEX. FULL and NOTHING have none.
   */
  readonly hasReplicaKey: boolean;
  readonly uniqueIndexes: readonly UniqueIndex[];
  readonly lobColumns: readonly LobColumn[];
  /** The bytes that its LOB columns, and others whose text may be far longer than they are, take in the largest row as COPY writes it, escapes not counted; not there where that was not measured. */
  readonly widestRow?: number;
  /** The column by which rows are counted per month: created_at or the like; null when there is none. */
  readonly timestampColumn: string | null;
  readonly columnCount: number;
  readonly rowSecurity: boolean;
  /** What a large table can be cut by, or why it cannot; only where the replica is older than 14, and of tables above a unit's size. */
  readonly rangeKey?: RangeKey | NoRangeKey;
}

/** A foreign key, by the tables that it ties. */
export interface ForeignKeyTie {
  readonly name: string;
  readonly from: RelationName;
  readonly to: RelationName;
}

/** A sequence and the table that owns it, null when no table does. */
export interface InventorySequence {
  readonly relation: RelationName;
  readonly ownedBy: RelationName | null;
}

/** Whether a table has own rows that are loaded and replicated: partitioned parents have none, a standby has none of unlogged ones. */
export function movesRows({kind, persistence}: Pick<InventoryTable, 'kind' | 'persistence'>): boolean {
  return kind === 'table' && persistence === 'permanent';
}

/** The keys of longhaul.yaml that say what an inventory holds. */
export interface InventoryScope {
  readonly tables: {
    readonly includeSchemas: readonly string[];
    readonly excludeSchemas: readonly string[];
    readonly include: readonly RelationName[];
    readonly exclude: readonly RelationName[];
  };
  readonly engine: string;
  /** What the plan's slots were made from; absent where the engine has none, and from an inventory that an older version took. */
  readonly slots?: {
    readonly prefix: string;
    readonly count: number;
    readonly assign: Readonly<Record<string, readonly RelationName[]>>;
  };
}

/** What the source holds of what is to be moved. Bytes, rows and rates are the source's own figures at `takenAt`. */
export interface Inventory {
  /** What it was taken for; what it holds, and the plan from it, is good for this alone. */
  readonly scope: InventoryScope;
  /** The source's clock, ISO 8601. */
  readonly takenAt: string;
  readonly lsn: Lsn;
  readonly database: string;
  readonly version: ServerVersion;
  readonly databaseBytes: number;
  readonly tables: readonly InventoryTable[];
  readonly sequences: readonly InventorySequence[];
  readonly foreignKeys: readonly ForeignKeyTie[];
  readonly largeObjects: number;
  /** What they take of the disk, those that were removed and not yet vacuumed among them; absent from an inventory that an older version took. */
  readonly largeObjectBytes?: number;
  readonly extensions: readonly {readonly name: string; readonly version: string}[];
  /** Tables and sequences of extensions whose rows are the users'; absent from an inventory that an older version took. */
  readonly extensionTables?: readonly RelationName[];
}

/** Bytes that a load of the table has to carry: heap and TOAST, no indexes. */
export function loadBytes(table: Pick<InventoryTable, 'heapBytes' | 'toastBytes'>): number {
  return table.heapBytes + table.toastBytes;
}

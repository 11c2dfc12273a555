import {quoteRelation, type RelationName} from '../pg/relation.ts';
import type {KeyRange} from './key-range.ts';
import {isKeyPart, partOf, type PagePart} from './table-part.ts';

/**
 * What one pipeline loads in one transaction of the target: a large table alone or a part of it (its id says which: table-part.ts), several
 * small tables, all tables that no other unit has, what no table brings, or the large objects.
 */
export interface LoadUnit {
  /** File-safe, unique and stable within a run: `01-events`, `rest`. Also the key of its row in the ledger. */
  readonly id: string;
  readonly kind: 'table' | 'rest' | 'large-objects';
  /** Every table with rows of its own that the unit loads, in the order of the dump where that is known. */
  readonly tables: readonly RelationName[];
  /**
   * Sequences and configuration tables of extensions that the unit brings along, where longhaul.yaml names its tables one by one or no table is
   * in the unit; elsewhere they come by themselves.
   */
  readonly also?: readonly RelationName[];
  /** The range of its table's key that the unit has, where its id names one; nowhere else. */
  readonly range?: KeyRange;
  /** Heap and TOAST bytes on the source when the plan was made. */
  readonly bytes: number;
}

/** Which rows of its one table a unit has; null: all rows of its tables. Throws a plain error ("bug") where a range of the key is named and not there. */
export function rowsOfUnit({id, range}: Pick<LoadUnit, 'id' | 'range'>): PagePart | KeyRange | null {
  const part = partOf(id);
  if (part === null || !isKeyPart(part)) return part;
  if (range === undefined) throw new Error(`bug: the unit ${id} has no range of its table's key`);
  return range;
}

/** Every table that these units load, each once. Pure. */
export function tablesOf(units: readonly Pick<LoadUnit, 'tables'>[]): RelationName[] {
  return [...new Map(units.flatMap(({tables}) => tables).map((table) => [quoteRelation(table), table])).values()];
}

/** Why a unit failed, from its logs and exits. */
export interface UnitFailure {
  /** Which end of the pipeline failed first, or what else. */
  readonly cause: 'producer' | 'consumer' | 'fence' | 'lost' | 'cancelled';
  /** One sentence: the server's or the tool's own words, with the table where it is known. */
  readonly message: string;
  readonly table: RelationName | null;
  readonly sqlstate: string | null;
  readonly remedy: string;
  /** Whether time heals it (a lost connection, a server that restarts), so that it may be tried again by itself. */
  readonly heals: boolean;
}

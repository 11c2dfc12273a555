import {quoteRelation, type RelationName} from '../pg/relation.ts';

/**
 * What one pipeline loads in one transaction of the target: a large table alone or a part of it (its id says which: table-part.ts), all tables that no
 * other unit has, or the large objects.
 */
export interface LoadUnit {
  /** File-safe, unique and stable within a run: `01-events`, `rest`. Also the key of its row in the ledger. */
  readonly id: string;
  readonly kind: 'table' | 'rest' | 'large-objects';
  /** Every table with rows of its own that the unit loads, in the order of the dump where that is known. */
  readonly tables: readonly RelationName[];
  /**
   * Sequences and configuration tables of extensions that the unit brings along, where longhaul.yaml names its tables one by one; elsewhere
   * they come by themselves.
   */
  readonly also?: readonly RelationName[];
  /** Heap and TOAST bytes on the source when the plan was made. */
  readonly bytes: number;
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

import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {RowsThatDiffer} from '../../../domain/run/row-difference.ts';
import {TOLD} from '../find-rows.ts';
import type {ComparedPair} from '../read-sides.ts';

/** How a table, or a piece of one, compares while change capture runs. */
export interface AgainCompared {
  readonly table: RelationName;
  readonly replicaRows: number;
  readonly targetRows: number;
  /** Null where all are equal. */
  readonly rows: RowsThatDiffer | null;
  /** Rows that were written to in every round. */
  readonly undecided: number;
}

/** Gathers the pieces of tables, and tells of each table once all of it is compared. */
export interface Results {
  piece(compared: AgainCompared): Promise<void>;
}

/** How far a comparison is. Bytes are those of the tables on the replica. */
export interface AgainProgress {
  readonly table: RelationName;
  readonly tables: {readonly done: number; readonly total: number};
  readonly bytes: {readonly done: number; readonly total: number};
}

/** Who hears what comes in: each table with its result, and after each piece how far all is. */
export interface Hearing {
  table(compared: AgainCompared): Promise<void>;
  progress(progress: AgainProgress): Promise<void>;
}

/** Of these pieces. */
export function gatherResults(pieces: readonly Pick<ComparedPair, 'table' | 'bytes'>[], hearing: Hearing): Results {
  const bytesOf = new Map(pieces.map(({table, bytes}) => [quoteRelation(table), bytes]));
  const left = new Map<string, number>();
  for (const {table} of pieces) left.set(quoteRelation(table), (left.get(quoteRelation(table)) ?? 0) + 1);
  const so = new Map<string, AgainCompared>();
  const tables = {done: 0, total: left.size};
  const bytes = {done: 0, total: pieces.reduce((sum, piece) => sum + piece.bytes, 0)};
  return {
    piece: async (compared) => {
      const name = quoteRelation(compared.table);
      const before = so.get(name);
      const all = before === undefined ? compared : together(before, compared);
      so.set(name, all);
      const more = (left.get(name) ?? 1) - 1;
      left.set(name, more);
      if (more === 0) {
        await hearing.table(all);
        tables.done += 1;
      }
      bytes.done += bytesOf.get(name) ?? 0;
      await hearing.progress({table: compared.table, tables: {...tables}, bytes: {...bytes}});
    },
  };
}

/** Two pieces of a table as one. Pure. */
export function together(one: AgainCompared, other: AgainCompared): AgainCompared {
  return {
    table: one.table,
    replicaRows: one.replicaRows + other.replicaRows,
    targetRows: one.targetRows + other.targetRows,
    rows: one.rows === null || other.rows === null ? (one.rows ?? other.rows) : bothRows(one.rows, other.rows),
    undecided: one.undecided + other.undecided,
  };
}

function bothRows(one: RowsThatDiffer, other: RowsThatDiffer): RowsThatDiffer {
  return {
    total: one.total + other.total,
    atLeast: one.atLeast || other.atLeast,
    first: [...one.first, ...other.first].slice(0, TOLD),
    why: one.why ?? other.why,
  };
}

/** One change that is made to a target which is equal, and what has to be said of it. */
export interface SeededChange {
  /** The tables that are other than on the replica by it, as quoted names; nearly always one. */
  readonly tables: readonly string[];
  readonly what: string;
  /** For the target, as its superuser. */
  readonly sql: string;
  /** Of each table: how its row differs, and the values of its key by which it is named; null where it has none. */
  readonly rows: readonly {
    readonly kind: 'missing' | 'extra' | 'doubled' | 'changed';
    readonly key: string | null;
    readonly column?: string;
  }[];
}

/** A table with the columns that can be written, and its primary key; null where it has none. */
export interface SeededTable {
  readonly name: string;
  readonly columns: string;
  readonly key: readonly string[] | null;
}

/** Tables that are no type's, with what is changed in them. */
export interface Specials {
  readonly seed: string;
  readonly tables: readonly SeededTable[];
  readonly changes: readonly SeededChange[];
}

/** One change to one table of the schema public. */
export function oneChange(table: string, what: string, sql: string, row: SeededChange['rows'][number]): SeededChange {
  return {tables: [`public.${table}`], what: `${table}: ${what}`, sql, rows: [row]};
}

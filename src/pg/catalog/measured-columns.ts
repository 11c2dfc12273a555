import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {sql, type Statement} from '../session/statement.ts';

/** A column that is no LOB for DMS, and whose values may be far longer as text than they are: a bit is a digit. */
export interface LongColumn extends RelationName {
  readonly column: string;
  /** As format_type() gives it: `bit varying`, `public.shape`. */
  readonly type: string;
}

/** Every column of variable length, without a limit of its own, whose type is none of those that readNotedColumns has: bit strings, composite types, ranges, what extensions bring. */
export function readLongColumns(): Statement<LongColumn> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", a.attname::text AS "column", format_type(a.atttypid, a.atttypmod) AS "type"
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_type o ON o.oid = a.atttypid JOIN pg_type t ON t.oid = CASE o.typtype WHEN 'd' THEN o.typbasetype ELSE o.oid END
     WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND c.reltoastrelid <> 0 AND a.attnum > 0 AND NOT a.attisdropped AND a.attlen = -1
       AND t.typcategory IN ('C', 'G', 'R', 'U', 'V') AND NOT (t.typcategory = 'V' AND a.atttypmod <> -1)
       AND t.typname NOT IN ('json', 'jsonb', 'xml', 'bytea', 'hstore', 'citext', 'tsvector', 'tsquery')
       AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
     ORDER BY n.nspname, c.relname, a.attnum`);
}

/** Nothing is compressed to less than a 255th, and no text is more than eight times as long as its value: with less than this no line of COPY is half as long as it may be. */
export const LEAST_STORED = 256 * 1024;

/** A table and the columns of it that are measured, at least one. */
export interface MeasuredTable {
  readonly relation: RelationName;
  readonly columns: readonly MeasuredColumn[];
}

/** A column that is measured; of one that is `stored` apart only values so large that their text may fill a line of COPY, which reads none of the others. */
export interface MeasuredColumn {
  readonly column: string;
  readonly type: string;
  readonly stored?: true;
}

/** What was measured of a table; null in a table without rows. */
export interface Maxima {
  /** Its place in the list, from 0. */
  readonly position: number;
  /** The largest value of each column in bytes, in their order. */
  readonly bytes: (number | null)[];
  /** The bytes that these columns take in the largest row as COPY writes it, bytea in hexadecimal; of text what is escaped not counted. */
  readonly widest: number | null;
}

/** A row a table; reads whole tables, their children not, and each value once. */
export function measureColumns(tables: readonly MeasuredTable[]): Statement<Maxima> {
  const maxima = tables.map(({relation, columns}, position) => {
    const lengths = columns.map((column, n) => `octet_length(${lengthOf(column)}) AS c${n}`);
    const written = columns.map(({type}, n) => `coalesce(m.c${n}, 0)::bigint * ${AS_TEXT[type] ?? 1}`);
    return `SELECT ${position} AS "position", ARRAY[${columns.map((_, n) => `max(m.c${n})`).join(', ')}]::int[] AS "bytes", max(${written.join(' + ')})::bigint AS "widest" FROM (SELECT ${lengths.join(', ')} FROM ONLY ${quoteRelation(relation)} OFFSET 0) m`;
  });
  return sql(maxima.join('\nUNION ALL '));
}

/** So many bytes of text for each of the value's. */
const AS_TEXT: Readonly<Record<string, number>> = {bytea: 2, 'bit varying': 8};
const MEASURED_AS_THEY_ARE: ReadonlySet<string> = new Set(['text', ...Object.keys(AS_TEXT)]);

// octet_length() of text and bytea reads the length from the TOAST pointer; everything else has to be turned into text.
function lengthOf({column, type, stored}: MeasuredColumn): string {
  const name = quoteIdentifier(column);
  const value = `${name}${MEASURED_AS_THEY_ARE.has(type) ? '' : '::text'}`;
  // pg_column_size() is what it takes compressed, and reads no more than the TOAST pointer.
  return stored === true ? `CASE WHEN pg_column_size(${name}) >= ${LEAST_STORED} THEN ${value} END` : value;
}

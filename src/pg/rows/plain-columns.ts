import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {sql, type Statement} from '../session/statement.ts';

/** A table with columns that somebody has set to be stored as they are, in the row itself: what came before is where it was, and is written so only now. */
export interface PlainTable extends RelationName {
  readonly columns: readonly string[];
  /** How many bytes of a row these columns have: `coalesce(octet_length(v::text), 0)`. */
  readonly size: string;
}

/** Every such table with rows of its own, the small ones first; of types whose length every server tells. */
export function readPlainTables(): Statement<PlainTable> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", array_agg(a.attname::text ORDER BY a.attnum) AS "columns",
           string_agg(format('coalesce(octet_length(%I%s), 0)', a.attname, CASE WHEN b.oid = 'bytea'::regtype THEN '' ELSE '::text' END), ' + ' ORDER BY a.attnum) AS "size"
      FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
      JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attstorage = 'p' AND t.typstorage <> 'p' AND c.relkind = 'r' AND c.relpersistence = 'p'
       AND b.oid IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype, 'bytea'::regtype, 'json'::regtype, 'xml'::regtype)
       AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
     GROUP BY n.nspname, c.relname, c.relpages ORDER BY c.relpages, 1, 2`);
}

/** The longest row of a page of 8 kB. Source: src/include/access/htup_details.h, MaxHeapTupleSize */
const LONGEST_ROW = 8160;

/** Whether a row of the table is longer, written anew, than a page can hold. */
export function readFitsNoPage({schema, name, size}: Omit<PlainTable, 'columns'>): Statement<{breaks: boolean}> {
  return sql(
    `SELECT EXISTS (SELECT FROM ONLY ${quoteRelation({schema, name})} WHERE ${size} > ${LONGEST_ROW}) AS "breaks"`,
  );
}

import {quoteRelation, type RelationName} from '../domain/relation.ts';
import {sql, type Statement} from './statement.ts';

/**
 * The columns of each of these tables by name and type, as one value; in which order they stand does not
 * matter, nor in which schema an extension has its types. */
export function readColumnDigests(tables: readonly RelationName[]): Statement<{name: string; digest: string}> {
  return sql(
    `SELECT t.name AS "name", md5(string_agg(a.attname || ' ' || y.typname || ' ' || a.atttypmod, ',' ORDER BY a.attname COLLATE "C")) AS "digest"
       FROM unnest($1::text[]) AS t(name)
       JOIN pg_attribute a ON a.attrelid = to_regclass(t.name)::oid
       JOIN pg_type y ON y.oid = a.atttypid
      WHERE a.attnum > 0 AND NOT a.attisdropped
      GROUP BY t.name`,
    [tables.map((table) => quoteRelation(table))],
  );
}

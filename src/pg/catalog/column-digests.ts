import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/**
 * The columns of each of these tables by name and type, as one value; their order does not matter
 * matter, nor in which schema an extension has its types.
 */
export function readColumnDigests(
  tables: readonly RelationName[],
  version: ServerVersion,
): Statement<{name: string; digest: string}> {
  return sql(
    // Up to 11 a name has no collation: the order of two servers is the same only as text.
    `SELECT t.name AS "name",
            md5(string_agg(a.attname || ' ' || y.typname || ' ' || a.atttypmod::text, ',' ORDER BY a.attname::text COLLATE "C")) AS "digest"
       FROM unnest($1::text[]) AS t(name)
       JOIN pg_attribute a ON a.attrelid = ${pick('tableNamed', version)}::oid
       JOIN pg_type y ON y.oid = a.atttypid
      WHERE a.attnum > 0 AND NOT a.attisdropped
      GROUP BY t.name`,
    [tables.map((table) => quoteRelation(table))],
  );
}

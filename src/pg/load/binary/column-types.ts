import type {BinaryServer, CatalogType} from '../../../domain/pg/binary-types.ts';
import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import {sql, type Statement} from '../../session/statement.ts';
import {pick} from '../../session/versions.ts';

/** A table, the columns of it that hold data, and the oids of their types, as text, in the same order. */
export interface TypedColumns extends RelationName {
  readonly columns: readonly string[];
  readonly types: readonly string[];
}

/** The columns of these tables with their types, a row a table that is there. */
export function readTypedColumns(version: ServerVersion, tables: readonly RelationName[]): Statement<TypedColumns> {
  return sql(
    `
    SELECT n.nspname::text AS "schema", c.relname::text AS "name",
           coalesce(array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attnum IS NOT NULL), '{}') AS "columns",
           coalesce(array_agg(a.atttypid::text ORDER BY a.attnum) FILTER (WHERE a.attnum IS NOT NULL), '{}') AS "types"
      FROM unnest($1::text[]) AS t(name)
      JOIN pg_class c ON c.oid = ${pick('tableNamed', version)}
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND NOT (${pick('isGenerated', version)})
     GROUP BY n.nspname, c.relname`,
    [tables.map((table) => quoteRelation(table))],
  );
}

/** A type by its oid, as text. */
export interface TypeRow extends CatalogType {
  readonly oid: string;
}

/** These types and all that they are made of, however deep: what is below domains, the elements of arrays, the columns of composites. */
export function readTypes(oids: readonly string[]): Statement<TypeRow> {
  return sql(
    `
    WITH RECURSIVE wanted(oid) AS (
      SELECT unnest($1::oid[])
      UNION
      SELECT below.oid FROM wanted
        JOIN pg_type t ON t.oid = wanted.oid
       CROSS JOIN LATERAL (
             SELECT t.typbasetype WHERE t.typtype = 'd'
             UNION ALL SELECT e.oid FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid
             UNION ALL SELECT a.atttypid FROM pg_attribute a
                        WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS below(oid)
    )
    SELECT t.oid::text AS "oid", format_type(t.oid, NULL) AS "title", t.typname::text AS "name",
           t.oid < 16384 AND t.typnamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = 'pg_catalog') AS "builtIn",
           (SELECT x.extname::text FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid
             WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e') AS "extension",
           CASE WHEN t.typtype = 'e' THEN 'enum' WHEN t.typtype = 'd' THEN 'domain' WHEN t.typtype = 'c' THEN 'composite'
                WHEN e.typarray = t.oid THEN 'array' ELSE 'plain' END AS "made",
           CASE WHEN t.typtype = 'd' THEN ARRAY[t.typbasetype::text] WHEN e.typarray = t.oid THEN ARRAY[e.oid::text]
                WHEN t.typtype = 'c' THEN ARRAY(SELECT a.atttypid::text FROM pg_attribute a
                  WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)
                ELSE ARRAY[]::text[] END AS "of"
      FROM wanted JOIN pg_type t ON t.oid = wanted.oid LEFT JOIN pg_type e ON e.oid = t.typelem`,
    [[...oids]],
  );
}

/** What of the server decides how it sends and reads values. Floating point times went with 10. */
export function readBinaryServer(version: ServerVersion): Statement<BinaryServer> {
  return sql(`
    SELECT current_setting('integer_datetimes') = 'on' AS "integerDatetimes", ${pick('takesOtherTypeOids', version)} AS "takesOtherOids",
           ${pick('infiniteIntervals', version)} AS "infiniteIntervals"`);
}

import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** The columns of a table in their order, generated ones among them, and the oid of each one's type on this server. */
export interface ColumnsRow extends RelationName {
  readonly columns: readonly string[];
  readonly types: readonly string[];
}

/** The columns of these tables, a row a table that is there. */
export function readColumns(version: ServerVersion, tables: readonly RelationName[]): Statement<ColumnsRow> {
  return sql(
    `
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", ${eachOf('a.attname')} AS "columns", ${eachOf('a.atttypid')} AS "types"
      FROM unnest($1::text[]) WITH ORDINALITY AS t(name, position)
      JOIN pg_class c ON c.oid = ${pick('tableNamed', version)}
      JOIN pg_namespace n ON n.oid = c.relnamespace
     ORDER BY t.position`,
    [tables.map((table) => quoteRelation(table))],
  );
}

/** A type as the catalog has it, as far as its values' text depends on it; `0` is no oid. */
export interface TypeRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  /** pg_type.typtype: b, c, d, e, r, m. */
  readonly kind: string;
  /** Whether it is an array of `element`. */
  readonly isArray: boolean;
  readonly element: string;
  /** Whether somebody has made a cast to text of it, which may say anything. */
  readonly isCast: boolean;
  /** What a domain is made from. */
  readonly base: string;
  readonly subtype: string;
  readonly attributes: readonly string[];
  readonly attributeTypes: readonly string[];
}

/** FirstNormalObjectId: what has a lower oid came with the server. Source: src/include/access/transam.h */
const FIRST_OF_USERS = 16_384;

/** These types and all that they are made of, however deep. */
export function readValueTypes(oids: readonly string[]): Statement<TypeRow> {
  return sql(
    `
    WITH RECURSIVE used(oid) AS (
      SELECT unnest($1::text[])::oid
       UNION
      SELECT part.oid
        FROM used JOIN pg_type t ON t.oid = used.oid
       CROSS JOIN LATERAL (SELECT t.typelem UNION ALL SELECT t.typbasetype
                           UNION ALL SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = t.oid
                           UNION ALL SELECT a.atttypid FROM pg_attribute a
                                      WHERE a.attrelid = t.typrelid AND t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped) AS part(oid)
       WHERE part.oid <> 0)
    SELECT t.oid::text AS "oid", n.nspname::text AS "schema", t.typname::text AS "name", t.typtype::text AS "kind",
           t.typelem <> 0 AND t.typlen = -1 AND t.typname NOT IN ('int2vector', 'oidvector') AS "isArray", t.typelem::text AS "element",
           EXISTS (SELECT FROM pg_cast k WHERE k.castsource = t.oid AND k.casttarget = 'text'::regtype AND k.oid >= ${FIRST_OF_USERS}) AS "isCast",
           t.typbasetype::text AS "base", coalesce(r.rngsubtype, 0)::text AS "subtype",
           ${attributesOf('a.attname')} AS "attributes", ${attributesOf('a.atttypid')} AS "attributeTypes"
      FROM used
      JOIN pg_type t ON t.oid = used.oid
      JOIN pg_namespace n ON n.oid = t.typnamespace
      LEFT JOIN pg_range r ON r.rngtypid = t.oid`,
    [oids],
  );
}

function eachOf(what: string): string {
  return `ARRAY(SELECT ${what}::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)`;
}

function attributesOf(what: string): string {
  return `ARRAY(SELECT ${what}::text FROM pg_attribute a WHERE a.attrelid = t.typrelid AND t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)`;
}

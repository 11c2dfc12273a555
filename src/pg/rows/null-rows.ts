import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {sql, type Statement} from '../session/statement.ts';

/**
 * A column that is NOT NULL and had NULLs when its table was last analyzed: somebody has set attnotnull by hand, so that nothing had to be read, or a
 * domain is NOT NULL, which an empty subquery gets by. Source: https://www.postgresql.org/docs/current/sql-createdomain.html#SQL-CREATEDOMAIN-NOTES
 */
export interface NullColumn extends RelationName {
  readonly column: string;
  /** What says NOT NULL: the table, or the one above it from which it has that, or a domain. */
  readonly ofSchema: string;
  readonly ofName: string;
  readonly ofDomain: boolean;
}

/** Every such column of tables with rows of their own, the small tables first. What was never analyzed has no statistics; who sets this by hand does it to a large table. */
export function readNullColumns(): Statement<NullColumn> {
  return sql(`
    WITH RECURSIVE suspects AS (
      SELECT c.oid AS relation, c.relpages AS pages, n.nspname::text AS "schema", c.relname::text AS "name", a.attname AS "column", a.attnum AS number, a.atttypid AS type,
             a.attnotnull AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conrelid = c.oid AND o.contype = 'n' AND NOT o.convalidated AND a.attnum = ANY (o.conkey)) AS own
        FROM pg_stats s JOIN pg_namespace n ON n.nspname = s.schemaname JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname
       WHERE s.null_frac > 0 AND NOT s.inherited AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r' AND c.relpersistence = 'p'
         AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')),
    above AS (
      SELECT s.relation, s."column", s.relation AS from_table, 0 AS height FROM suspects s WHERE s.own
      UNION ALL
      SELECT b.relation, b."column", i.inhparent, b.height + 1
        FROM above b JOIN pg_inherits i ON i.inhrelid = b.from_table JOIN pg_attribute p ON p.attrelid = i.inhparent AND p.attname = b."column" AND p.attnotnull),
    domains AS (
      SELECT s.relation, s."column", s.type FROM suspects s
      UNION ALL
      SELECT d.relation, d."column", t.typbasetype FROM domains d JOIN pg_type t ON t.oid = d.type AND t.typtype = 'd'),
    sayers AS (
      SELECT DISTINCT ON (b.relation, b."column") b.relation, b."column", n.nspname::text AS of_schema, c.relname::text AS of_name, false AS of_domain
        FROM above b JOIN pg_class c ON c.oid = b.from_table JOIN pg_namespace n ON n.oid = c.relnamespace ORDER BY b.relation, b."column", b.height DESC)
    SELECT s."schema", s."name", s."column"::text AS "column", x.of_schema AS "ofSchema", x.of_name AS "ofName", x.of_domain AS "ofDomain"
      FROM suspects s JOIN (
        SELECT * FROM sayers
        UNION ALL
        SELECT d.relation, d."column", n.nspname::text, t.typname::text, true
          FROM domains d JOIN pg_type t ON t.oid = d.type AND t.typtype = 'd' AND t.typnotnull JOIN pg_namespace n ON n.oid = t.typnamespace) x
        ON x.relation = s.relation AND x."column" = s."column"
     ORDER BY s.pages, 1, 2, s.number, 6, 4, 5`);
}

/** Whether a row of the table has NULL in it: statistics may be of before it was filled in. A server from 17 on believes the catalog and finds none with IS NULL alone. */
export function readHasNulls({schema, name, column}: Pick<NullColumn, 'schema' | 'name' | 'column'>): Statement<{
  breaks: boolean;
}> {
  return sql(`SELECT EXISTS (SELECT FROM ONLY ${quoteRelation({schema, name})} WHERE ${isNull(column)}) AS "breaks"`);
}

/** True of a row without a value in the column, be it NOT NULL by the catalog. Pure. */
export function isNull(column: string): string {
  return `pg_column_size(${quoteIdentifier(column)}) IS NULL`;
}

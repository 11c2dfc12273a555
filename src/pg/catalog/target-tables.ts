import {quoteLiteral} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** Which of these tables are not there; names as quoted qualified text. */
export function readMissingTables(tables: readonly RelationName[], version: ServerVersion): Statement<{name: string}> {
  return sql(
    `SELECT t.name AS "name" FROM unnest($1::text[]) AS t(name) WHERE ${pick('tableNamed', version)} IS NULL`,
    [tables.map((table) => quoteRelation(table))],
  );
}

/** How many rows were written to each table, since whenever the server counts them: by whom it does not tell. */
export function readRowsChanged(): Statement<RelationName & {rows: number}> {
  return sql(
    `SELECT t.schemaname::text AS "schema", t.relname::text AS "name", t.n_tup_ins + t.n_tup_upd + t.n_tup_del AS "rows"
       FROM pg_stat_user_tables t WHERE t.n_tup_ins + t.n_tup_upd + t.n_tup_del > 0`,
  );
}

/** How often each table was touched: rows written to it, whether or not that was committed, and searches in it. */
export function readTouches(): Statement<RelationName & {touches: number}> {
  return sql(
    `SELECT t.schemaname::text AS "schema", t.relname::text AS "name",
            t.n_tup_ins + t.n_tup_upd + t.n_tup_del + coalesce(t.idx_scan, 0) + coalesce(t.seq_scan, 0) AS "touches"
       FROM pg_stat_user_tables t`,
  );
}

/** Which of these existing tables have own rows, children not counted: one row of each is asked for, not a count. */
export function readTablesWithRows(tables: readonly RelationName[]): Statement<{name: string}> {
  const queries = tables.map((table) => {
    const name = quoteRelation(table);
    return `SELECT ${quoteLiteral(name)}::text AS "name" WHERE EXISTS (SELECT FROM ONLY ${name})`;
  });
  return sql(queries.join('\nUNION ALL '));
}

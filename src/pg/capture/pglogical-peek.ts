import type {Lsn} from '../../domain/pg/lsn.ts';
import {sql, type Statement} from '../session/statement.ts';

/** A change of a transaction that a slot keeps, with the ends of that. */
export interface PeekedChange {
  readonly xid: string;
  readonly commitLsn: Lsn;
  readonly endLsn: Lsn;
  /** How many changes the transaction has. */
  readonly changes: number;
  readonly schema: string;
  readonly table: string;
  /** `I`, `U`, `D`, and `T` for TRUNCATE. */
  readonly kind: string;
  /** What names the row: `id 17, n 3`; null where its table has no primary key. */
  readonly key: string | null;
}

/**
 * The tables with a change that a slot keeps, in a transaction whose commit starts at or after a position: `public.orders`. Nothing is consumed. It decodes from restart_lsn on. Fails
 * with 55006 while somebody reads the slot.
 */
export function readPglogicalChangedSince(
  slot: string,
  sets: readonly string[],
  after: Lsn,
): Statement<{table: string}> {
  return sql(
    `WITH peeked AS (SELECT p.xid, p.data::json AS j
              FROM pg_logical_slot_peek_changes($1, NULL, NULL, 'min_proto_version', '1', 'max_proto_version', '1', 'startup_params_format', '1',
                   'proto_format', 'json', 'pglogical.replication_set_names', $2) AS p(lsn, xid, data)),
          late AS (SELECT xid FROM peeked WHERE j ->> 'action' = 'C' AND (j ->> 'final_lsn')::pg_lsn >= $3)
     SELECT DISTINCT format('%I.%I', j -> 'relation' ->> 0, j -> 'relation' ->> 1) AS "table"
       FROM peeked WHERE j ->> 'action' IN ('I', 'U', 'D') AND xid::text IN (SELECT xid::text FROM late) ORDER BY 1`,
    [slot, sets.join(','), after],
  );
}

/** How many changes of the transaction are given. */
const SHOWN = 20;

/**
 * The first changes of the first transaction with a change of these sets whose commit starts at or after a position. Nothing is consumed. It decodes from restart_lsn on and
 * materializes what it reads: only with a time-out, and where that is little WAL. `enough`: rows after which no further transaction is read. Fails with 55006 while
 * somebody reads the slot. A slot of pglogical_output gives JSON when it is asked to.
 */
export function peekPglogical(
  slot: string,
  {sets, after, enough}: {readonly sets: readonly string[]; readonly after: Lsn; readonly enough: number},
): Statement<PeekedChange> {
  return sql(
    `WITH peeked AS (SELECT row_number() OVER () AS n, p.xid::text AS xid, p.data::json AS j
              FROM pg_logical_slot_peek_changes($1, NULL, $2, 'min_proto_version', '1', 'max_proto_version', '1', 'startup_params_format', '1',
                   'proto_format', 'json', 'pglogical.replication_set_names', $3) AS p(lsn, xid, data)),
          ends AS (SELECT xid, j ->> 'final_lsn' AS c, j ->> 'end_lsn' AS e FROM peeked WHERE j ->> 'action' = 'C' AND (j ->> 'final_lsn')::pg_lsn >= $4),
          changes AS (SELECT p.n, p.xid, coalesce(p.j -> 'newtuple', p.j -> 'oldtuple') AS row, p.j ->> 'action' AS kind, p.j -> 'relation' ->> 0 AS schema,
                             p.j -> 'relation' ->> 1 AS "table"
                        FROM peeked p WHERE p.j ->> 'action' IN ('I', 'U', 'D') AND p.xid IN (SELECT xid FROM ends)),
          told AS (SELECT n, xid, row, CASE WHEN schema = 'pglogical' THEN 'T' ELSE kind END AS kind,
                          CASE WHEN schema = 'pglogical' THEN row -> 'message' ->> 'schema_name' ELSE schema END AS schema,
                          CASE WHEN schema = 'pglogical' THEN row -> 'message' ->> 'table_name' ELSE "table" END AS "table",
                          row_number() OVER (PARTITION BY xid ORDER BY n) AS nth, count(*) OVER (PARTITION BY xid) AS "all"
                     FROM changes),
          chosen AS (SELECT xid FROM told ORDER BY n LIMIT 1)
     SELECT t.xid, e.c AS "commitLsn", e.e AS "endLsn", t."all"::int AS "changes", coalesce(t.schema, '') AS "schema", coalesce(t."table", '') AS "table", t.kind,
            (SELECT string_agg(a.attname || ' ' || coalesce(left(t.row ->> a.attname, 40), 'null'), ', ' ORDER BY a.attnum)
               FROM pg_namespace s JOIN pg_class r ON r.relnamespace = s.oid JOIN pg_index i ON i.indrelid = r.oid AND i.indisprimary
               JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = ANY (i.indkey)
              WHERE s.nspname = t.schema AND r.relname = t."table" AND t.kind <> 'T') AS "key"
       FROM told t JOIN chosen USING (xid) JOIN ends e USING (xid)
      WHERE t.nth <= ${SHOWN} ORDER BY t.n`,
    [slot, enough, sets.join(','), after],
  );
}

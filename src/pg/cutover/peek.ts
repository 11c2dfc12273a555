import type {Lsn} from '../../domain/pg/lsn.ts';
import {sql, type Statement} from '../session/statement.ts';

/**
 * The tables with a change that a slot of pgoutput keeps, in a transaction whose commit starts at or after a position: `public.orders`. Nothing is consumed. It decodes from restart_lsn
 * on. Fails with 55006 while somebody reads the slot. Of a TRUNCATE the first table is given.
 * Source: https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html
 */
export function readTablesChangedSince(
  slot: string,
  publications: readonly string[],
  after: Lsn,
): Statement<{table: string}> {
  return sql(
    `WITH peeked AS (SELECT p.xid, chr(get_byte(p.data, 0)) AS kind, p.data
              FROM pg_logical_slot_peek_binary_changes($1, NULL, NULL, 'proto_version', '1', 'publication_names', $2) p),
          late AS (SELECT xid FROM peeked WHERE kind = 'C' AND (encode(substr(data, 3, 4), 'hex') || '/' || encode(substr(data, 7, 4), 'hex'))::pg_lsn >= $3)
     SELECT DISTINCT ('x' || encode(substr(data, CASE kind WHEN 'T' THEN 7 ELSE 2 END, 4), 'hex'))::bit(32)::bigint::oid::regclass::text AS "table"
       FROM peeked WHERE kind IN ('I', 'U', 'D', 'T') AND xid IN (SELECT xid FROM late) ORDER BY 1`,
    [slot, publications.map((name) => `"${name.replaceAll('"', '""')}"`).join(','), after],
  );
}

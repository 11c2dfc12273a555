import type {Lsn} from '../../domain/pg/lsn.ts';
import {sql, type Statement} from '../session/statement.ts';

/** A message of pgoutput, as the protocol has it. `changes`: how many changes its transaction has. */
export interface PeekedMessage {
  readonly xid: string;
  /** Hexadecimal; of a long one its first 64 kB. */
  readonly message: string;
  readonly changes: number;
}

/** How many changes of the transaction are given. */
const SHOWN = 20;

/**
 * The first transaction with a change of these publications whose commit starts at or after a position: its begin, its first changes, its commit, and the relations that
 * were named before. Nothing is consumed. It decodes from restart_lsn on and materializes what it reads: only with a time-out, and where that is little WAL.
 * `enough`: rows after which no further transaction is read. Fails with 55006 while somebody reads the slot.
 * Source: https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html
 */
export function peekFirst(
  slot: string,
  {
    publications,
    after,
    enough,
  }: {readonly publications: readonly string[]; readonly after: Lsn; readonly enough: number},
): Statement<PeekedMessage> {
  return sql(
    `WITH peeked AS (SELECT row_number() OVER () AS n, p.xid::text AS xid, chr(get_byte(p.data, 0)) AS kind, p.data
              FROM pg_logical_slot_peek_binary_changes($1, NULL, $2, 'proto_version', '1', 'publication_names', $3) p),
          late AS (SELECT xid FROM peeked WHERE kind = 'C' AND (encode(substr(data, 3, 4), 'hex') || '/' || encode(substr(data, 7, 4), 'hex'))::pg_lsn >= $4),
          changes AS (SELECT n, xid, data, row_number() OVER (PARTITION BY xid ORDER BY n) AS nth, count(*) OVER (PARTITION BY xid) AS "all"
              FROM peeked WHERE kind IN ('I', 'U', 'D', 'T') AND xid IN (SELECT xid FROM late)),
          chosen AS (SELECT xid, "all" FROM changes ORDER BY n LIMIT 1)
     SELECT o.xid, encode(substr(o.data, 1, 65536), 'hex') AS "message", c."all"::int AS "changes"
       FROM chosen c
       JOIN peeked o ON o.kind = 'R' OR o.xid = c.xid AND (o.kind IN ('B', 'C') OR o.n IN (SELECT n FROM changes WHERE xid = c.xid AND nth <= ${SHOWN}))
      ORDER BY o.n`,
    [slot, enough, publications.map((name) => `"${name.replaceAll('"', '""')}"`).join(','), after],
  );
}

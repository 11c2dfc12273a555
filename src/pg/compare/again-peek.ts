import type {Lsn} from '../../domain/pg/lsn.ts';
import {sql, type Statement} from '../session/statement.ts';

/** A transaction that a slot has not handed over for good. */
export interface PeekedTransaction {
  readonly xid: string;
  /** Whether it changes a table of the slot's. */
  readonly changes: boolean;
  /** Where its commit record begins, as the message has it: 16 hexadecimal digits. */
  readonly commit: string;
}

/**
 * The transactions that a slot of pgoutput keeps, up to the first that ends behind `upTo`; the slot stays as it is. Nobody may read it meanwhile (55006). It
 * decodes from restart_lsn on, so that its cost is what the slot keeps. A commit's message is `C`, flags, and its position; Relation, Type and Begin change nothing.
 */
export function peekPublished(
  slot: string,
  {upTo, publications}: {readonly upTo: Lsn; readonly publications: readonly string[]},
): Statement<PeekedTransaction> {
  return sql(
    `SELECT p.xid::text AS "xid", bool_or(get_byte(p.data, 0) IN (68, 73, 84, 85)) AS "changes",
            max(CASE WHEN get_byte(p.data, 0) = 67 THEN substr(encode(p.data, 'hex'), 5, 16) END) AS "commit"
       FROM pg_logical_slot_peek_binary_changes($1, $2, NULL, 'proto_version', '1', 'publication_names', $3) AS p
      GROUP BY p.xid HAVING max(CASE WHEN get_byte(p.data, 0) = 67 THEN 1 END) = 1`,
    [slot, upTo, publications.map((name) => `"${name.replaceAll('"', '""')}"`).join(',')],
  );
}

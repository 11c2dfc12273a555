import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** A transaction that a slot's decoding has put onto the disk of the data, because it does not fit into memory. */
export interface Spilled {
  readonly slot: string;
  readonly xid: string;
  readonly bytes: number;
}

/** What each of these slots has spilled, the largest transaction first. From 15 on for pg_monitor, before for superusers: 42501 for others. */
export function readSpilled(version: ServerVersion, slots: readonly string[]): Statement<Spilled> {
  return sql(
    `
    SELECT s.slot_name::text AS "slot", substring(f.name FROM '^xid-([0-9]+)-lsn') AS "xid", sum(f.size)::bigint AS "bytes"
      FROM pg_replication_slots s CROSS JOIN LATERAL ${pick('spillFiles', version)} AS f(name, size)
     WHERE s.slot_name = ANY ($1) AND f.name ~ '^xid-[0-9]+-lsn'
     GROUP BY 1, 2 ORDER BY 3 DESC NULLS LAST`,
    [slots],
  );
}

/** What all slots of the server have spilled. For the same roles. */
export function readSpilledBytes(version: ServerVersion): Statement<{bytes: number}> {
  return sql(
    `SELECT coalesce(sum(f.size), 0)::bigint AS "bytes" FROM pg_replication_slots s CROSS JOIN LATERAL ${pick('spillFiles', version)} AS f(name, size) WHERE f.name LIKE 'xid%'`,
  );
}

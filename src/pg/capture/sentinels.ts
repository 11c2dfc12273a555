import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {SENTINELS_IN} from '../../domain/run/capture/sentinel-table.ts';
import {sql, type Statement} from '../session/statement.ts';

/** The schema of the sentinels' tables, on the source and, carried as every table is, on the target. */
export const SENTINEL_SCHEMA = SENTINELS_IN;

/** The table of a slot's sentinels: `longhaul_cdc.dms_slot_01`. */
export function sentinelTable(slot: string): RelationName {
  return {schema: SENTINEL_SCHEMA, name: slot};
}

/** Creates the schema, where it is not there. */
export function createSentinelSchema(): Statement {
  return sql(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(SENTINEL_SCHEMA)}`);
}

/** Creates a slot's table, where it is not there. `n` orders the rows as they were committed: the source's clock in microseconds, as long as that only goes on. */
export function createSentinel(slot: string): Statement {
  return sql(
    `CREATE TABLE IF NOT EXISTS ${quoteRelation(sentinelTable(slot))} (n bigint PRIMARY KEY, at timestamptz NOT NULL)`,
  );
}

/** Drops a slot's table, where it is there. */
export function dropSentinel(slot: string): Statement {
  return sql(`DROP TABLE IF EXISTS ${quoteRelation(sentinelTable(slot))}`);
}

/** Drops the schema, where it is there; refused while anything is in it. */
export function dropSentinelSchema(): Statement {
  return sql(`DROP SCHEMA IF EXISTS ${quoteIdentifier(SENTINEL_SCHEMA)}`);
}

/** The tables that the schema has, and whether the role that asks owns each. */
export function readSentinelTables(): Statement<{name: string; isOurs: boolean}> {
  return sql(
    `SELECT c.relname::text AS "name", c.relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user) AS "isOurs"
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r' ORDER BY 1`,
    [SENTINEL_SCHEMA],
  );
}

/** One writer at a time, so that rows are committed in the order of their clock: any number, the same everywhere. */
export const SENTINEL_TURN = 5_417_026_411;

/**
 * The number of the next sentinel of these slots, as SQL: the clock `at` in microseconds, and above all that are there. A clock that is set back would order rows otherwise than they were committed: what is on its way would
 * count as lost, and as arrived.
 */
export function nextNumber(slots: readonly string[], at: string): string {
  const newest = slots.map((slot) => `(SELECT max(n) FROM ${quoteRelation(sentinelTable(slot))})`);
  return `greatest((extract(epoch FROM ${at}) * 1000000)::bigint, 1 + greatest(${newest.join(', ')}))`;
}

/** Writes a row into each of these slots' tables, all in one transaction. At least one slot. */
export function writeSentinels(slots: readonly string[]): Statement<{n: number}> {
  const inserts = slots.map(
    (slot, i) => `w${i} AS (INSERT INTO ${quoteRelation(sentinelTable(slot))} (n, at) SELECT n, at FROM clock)`,
  );
  return sql(
    `WITH clock AS (SELECT at, ${nextNumber(slots, 'at')} AS n
       FROM (SELECT clock_timestamp() AS at FROM (SELECT pg_advisory_xact_lock(${SENTINEL_TURN}) OFFSET 0) AS turn OFFSET 0) AS now),
     ${inserts.join(', ')} SELECT n FROM clock`,
  );
}

/** What a server has of a slot's sentinels. */
export interface SentinelCount {
  readonly slot: string;
  readonly rows: number;
  /** The newest; 0 where there is none. */
  readonly newest: number;
}

/** How many sentinels there are of each of these slots. Fails where a table is not there. */
export function countSentinels(slots: readonly string[]): Statement<SentinelCount> {
  return sql(
    slots
      .map(
        (slot) =>
          `SELECT ${quoteLiteral(slot).trim()} AS "slot", count(*) AS "rows", coalesce(max(n), 0) AS "newest" FROM ${quoteRelation(sentinelTable(slot))}`,
      )
      .join(' UNION ALL '),
  );
}

/** Of a slot's sentinels on the source: those up to one, and how long ago the first after it was written, null where none was. */
export interface SentinelsSince {
  readonly slot: string;
  readonly rowsUpTo: number;
  readonly waitingSeconds: number | null;
  /** How long ago the newest was written; null where there is none. */
  readonly quietSeconds: number | null;
}

/** What of each slot's sentinels is up to `newest`, which the target has, and what is on its way. At least one slot. */
export function readSentinelsSince(seen: readonly Pick<SentinelCount, 'slot' | 'newest'>[]): Statement<SentinelsSince> {
  return sql(
    seen
      .map(
        ({slot, newest}) =>
          `SELECT ${quoteLiteral(slot).trim()} AS "slot", count(CASE WHEN n <= ${newest} THEN 1 END) AS "rowsUpTo", extract(epoch FROM clock_timestamp() - min(CASE WHEN n > ${newest} THEN at END))::float8 AS "waitingSeconds", extract(epoch FROM clock_timestamp() - max(at))::float8 AS "quietSeconds" FROM ${quoteRelation(sentinelTable(slot))}`,
      )
      .join(' UNION ALL '),
  );
}

/** How many of a slot's sentinels are newer than one and, unless that is null, older than `own`. */
export function countSentinelsAfter(slot: string, newest: number, own: number | null): Statement<{rows: number}> {
  return sql(
    `SELECT count(*)::int AS "rows" FROM ${quoteRelation(sentinelTable(slot))} WHERE n > $1 AND ($2::bigint IS NULL OR n < $2::bigint)`,
    [newest, own],
  );
}

/** Takes away a slot's sentinels that are newer than one. */
export function dropSentinelsAfter(slot: string, newest: number): Statement {
  return sql(`DELETE FROM ${quoteRelation(sentinelTable(slot))} WHERE n > $1`, [newest]);
}

/** A sentinel, its time as every server reads it: `2026-11-28 06:00:00.000001+00`. */
export interface Sentinel {
  readonly n: number;
  readonly at: string;
}

/** All sentinels of a slot that a server has. */
export function readSentinels(slot: string): Statement<Sentinel> {
  return sql(
    `SELECT n, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00' AS "at" FROM ${quoteRelation(sentinelTable(slot))} ORDER BY n`,
  );
}

/** Has a server have these sentinels of a slot, as far as they are not newer than one, and none that is not among all of them; how many it had not, or had beside. */
export function mendSentinels(slot: string, all: readonly Sentinel[], upTo: number): Statement<{rows: number}> {
  const table = quoteRelation(sentinelTable(slot));
  return sql(
    `WITH given AS (SELECT n, at FROM unnest($1::bigint[], $2::timestamptz[]) AS given(n, at)),
          gone AS (DELETE FROM ${table} t WHERE NOT EXISTS (SELECT FROM given WHERE given.n = t.n) RETURNING 1),
          come AS (INSERT INTO ${table} (n, at) SELECT n, at FROM given WHERE n <= $3 AND NOT EXISTS (SELECT FROM ${table} t WHERE t.n = given.n) RETURNING 1)
     SELECT ((SELECT count(*) FROM gone) + (SELECT count(*) FROM come))::int AS "rows"`,
    [all.map(({n}) => String(n)), all.map(({at}) => at), upTo],
  );
}

import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import {quoteRelation} from '../../domain/pg/relation.ts';
import {nextNumber, SENTINEL_SCHEMA, SENTINEL_TURN, sentinelTable} from '../capture/sentinels.ts';
import {sql, type Statement} from '../session/statement.ts';

// How replica and target are held at one commit, touching no table but the sentinels': facts/cutover.md, §6.1.

/** What apply waits for on the target: any number, the same everywhere. */
const HOLD = 5_417_026_412;
const TRIGGER = quoteIdentifier('longhaul_hold');
const FUNCTION = `${quoteIdentifier(SENTINEL_SCHEMA)}.${quoteIdentifier('longhaul_hold')}`;

function tableOf(slot: string): string {
  return quoteRelation(sentinelTable(slot));
}

/** Creates what the triggers run: it waits as long as somebody has `lockHold`. */
export function createHold(): Statement {
  return sql(
    `CREATE OR REPLACE FUNCTION ${FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_catalog.pg_advisory_xact_lock_shared(${HOLD}); RETURN NEW; END'`,
  );
}

/** Drops it, where it is there; after its triggers. */
export function dropHold(): Statement {
  return sql(`DROP FUNCTION IF EXISTS ${FUNCTION}()`);
}

/** Has whoever applies a sentinel of the slot wait. */
export function createHoldTrigger(slot: string): Statement {
  return sql(
    `CREATE TRIGGER ${TRIGGER} BEFORE INSERT ON ${tableOf(slot)} FOR EACH ROW EXECUTE PROCEDURE ${FUNCTION}()`,
  );
}

/** Without this the trigger would not fire for what is applied. */
export function enableHoldTrigger(slot: string): Statement {
  return sql(`ALTER TABLE ${tableOf(slot)} ENABLE ALWAYS TRIGGER ${TRIGGER}`);
}

/** Drops it, where it is there. */
export function dropHoldTrigger(slot: string): Statement {
  return sql(`DROP TRIGGER IF EXISTS ${TRIGGER} ON ${tableOf(slot)}`);
}

/** From now on sentinels wait on the target, until the session lets go or ends. */
export function lockHold(): Statement {
  return sql(`SELECT pg_advisory_lock(${HOLD})`);
}

/** Lets them go. */
export function unlockHold(): Statement {
  return sql(`SELECT pg_advisory_unlock(${HOLD})`);
}

const WAITS = `l.locktype = 'advisory' AND NOT l.granted AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
       AND l.classid::bigint << 32 | l.objid::bigint = ${HOLD} AND l.objsubid = 1`;

/** The backends that wait for it. */
export function readHeld(): Statement<{pid: number}> {
  return sql(`SELECT l.pid FROM pg_locks l WHERE ${WAITS}`);
}

/**
 * Ends PostgreSQL's own apply workers that wait for it, and nobody else: what each has in hand rolls back. Once its subscription is disabled none is started
 * again. Only they are known by this type; pglogical's workers are never terminated.
 */
export function endHeldWorkers(): Statement<{pid: number; signalled: boolean}> {
  return sql(
    `SELECT a.pid, pg_terminate_backend(a.pid) AS "signalled" FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
      WHERE a.backend_type LIKE 'logical replication%' AND ${WAITS}`,
  );
}

/** Nobody else writes a sentinel until the session lets go or ends. */
export function takeSentinelTurn(): Statement {
  return sql(`SELECT pg_advisory_lock(${SENTINEL_TURN})`);
}

/** Lets others write sentinels again. */
export function giveSentinelTurn(): Statement {
  return sql(`SELECT pg_advisory_unlock(${SENTINEL_TURN})`);
}

/** On a standby, inside of a transaction: replay stops in front of an ACCESS EXCLUSIVE lock of the slot's sentinels. */
export function lockSentinelOnReplica(slot: string): Statement {
  return sql(`LOCK TABLE ${tableOf(slot)} IN ACCESS SHARE MODE`);
}

/**
 * One message, whose commit follows its lock at once: a sentinel in every slot, and behind them the lock that replay stops at. Takes the sentinels' turn for
 * granted. Gives no rows.
 */
export function writeFence(slots: readonly string[]): Statement {
  const inserts = slots.map(
    (slot) => `INSERT INTO ${tableOf(slot)} (n, at) SELECT ${nextNumber([slot], 'now()')}, now()`,
  );
  return sql(`BEGIN; ${inserts.join('; ')}; LOCK TABLE ${tableOf(slots[0] ?? '')} IN ACCESS EXCLUSIVE MODE; COMMIT`);
}

/** The transaction that has written the newest sentinel of the slot. */
export function readFenceWriter(slot: string): Statement<{xid: string}> {
  return sql(`SELECT xmin::text AS "xid" FROM ${tableOf(slot)} ORDER BY n DESC LIMIT 1`);
}

/** Whether replay waits for that lock. On a standby. */
export function readStalled(slot: string): Statement<{stalled: boolean}> {
  return sql(
    `SELECT EXISTS (SELECT FROM pg_locks l WHERE l.relation = ${quoteLiteral(tableOf(slot)).trimStart()}::regclass
       AND l.mode = 'AccessExclusiveLock' AND NOT l.granted) AS "stalled"`,
  );
}

/** How long replay lets itself be held up, in milliseconds: -1 is for ever, 0 not at all. */
export function readStandbyDelay(): Statement<{delayMs: number}> {
  return sql(`SELECT setting::int AS "delayMs" FROM pg_settings WHERE name = 'max_standby_streaming_delay'`);
}

/** A sentinel of a slot. */
export interface Sentinel {
  readonly slot: string;
  readonly n: number;
}

/** Which of these slots' tables have their sentinel, or a later one. At least one slot. */
export function readArrived(sentinels: readonly Sentinel[]): Statement<{slot: string}> {
  return sql(
    sentinels
      .map(
        ({slot, n}) =>
          `SELECT ${quoteLiteral(slot).trim()} AS "slot" WHERE EXISTS (SELECT FROM ${tableOf(slot)} WHERE n >= ${n})`,
      )
      .join(' UNION ALL '),
  );
}

/** The newest sentinel of each of these slots on the source; none of one that has none. At least one slot. */
export function readNewestSentinels(slots: readonly string[]): Statement<Sentinel> {
  return sql(
    slots
      .map(
        (slot) =>
          `SELECT ${quoteLiteral(slot).trim()} AS "slot", max(n) AS "n" FROM ${tableOf(slot)} HAVING count(*) > 0`,
      )
      .join(' UNION ALL '),
  );
}

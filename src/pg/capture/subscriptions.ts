import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import type {Lsn} from '../../domain/pg/lsn.ts';
import type {RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** A subscription of this database, and how far it is. */
export interface Subscription {
  readonly name: string;
  readonly enabled: boolean;
  readonly slot: string | null;
  readonly publications: string[];
  /** The end of the last commit that was applied, or where the origin was set to; null before both. */
  readonly appliedLsn: Lsn | null;
  /** The worker that applies; null while none runs. */
  readonly workerPid: number | null;
  readonly receivedLsn: Lsn | null;
  /** How long ago the worker has had a message of the publisher; null before the first. */
  readonly heardSeconds: number | null;
  /** The pids that the worker waits for; empty where it waits for none. */
  readonly waitsFor: number[];
  /** How often applying has failed; null before 15, which does not count. */
  readonly errors: number | null;
  /** Updates and deletes that found no row and were skipped; null before 18, which does not count. */
  readonly skipped: number | null;
  /** Rows that met another one under a unique index, which is an error besides; null as above. */
  readonly inTheWay: number | null;
}

const OURS = `s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())`;

/** The subscriptions of these names that this database has. From 16 on a large transaction may have workers beside the one that leads. */
export function readSubscriptions(names: readonly string[], version: ServerVersion): Statement<Subscription> {
  return sql(
    `SELECT s.subname::text AS "name", s.subenabled AS "enabled", s.subslotname::text AS "slot", s.subpublications AS "publications",
            (SELECT pg_replication_origin_progress(o.roname, false) FROM pg_replication_origin o WHERE o.roname = 'pg_' || s.oid::text) AS "appliedLsn", w.pid AS "workerPid", w.received_lsn AS "receivedLsn",
            extract(epoch FROM clock_timestamp() - w.last_msg_receipt_time)::float8 AS "heardSeconds",
            CASE WHEN w.pid IS NULL THEN '{}' ELSE pg_blocking_pids(w.pid) END AS "waitsFor",
            ${pick('applyErrors', version)} AS "errors",
            ${pick('skippedChanges', version)} AS "skipped", ${pick('rowsInTheWay', version)} AS "inTheWay"
       FROM pg_subscription s
       LEFT JOIN pg_stat_subscription w ON w.subid = s.oid AND w.relid IS NULL AND w.pid IS NOT NULL${pick('isLeader', version)}
      WHERE s.subname = ANY ($1) AND ${OURS}
      ORDER BY 1`,
    [names],
  );
}

/** What a subscription is made of. `dsn` holds the password, `shownDsn` does not. */
export interface NewSubscription {
  readonly name: string;
  readonly dsn: string;
  readonly shownDsn: string;
  readonly publications: readonly string[];
  /** Null where it gets one later. */
  readonly slot: string | null;
}

/**
 * Creates a subscription that reads an existing slot, copies nothing and does nothing before it is enabled. The server keeps the dsn with its
 * password in a column that only superusers read. No parameter can be in it: the statement holds the password, what is shown of it does not.
 */
export function createSubscription(one: NewSubscription, version: ServerVersion): Statement {
  const options = `create_slot = false, enabled = false, copy_data = false, slot_name = ${one.slot === null ? 'NONE' : quoteLiteral(one.slot).trim()}${pick('subscriptionOptions', version)}`;
  const text = (dsn: string): string =>
    `CREATE SUBSCRIPTION ${quoteIdentifier(one.name)} CONNECTION ${quoteLiteral(dsn).trim()} PUBLICATION ${one.publications.map((name) => quoteIdentifier(name)).join(', ')} WITH (${options})`;
  return {...sql(text(one.dsn)), shown: text(one.shownDsn)};
}

/** Has a subscription reach the source another way, or with another password: its worker begins anew with it. The statement holds the password, what is shown of it does not. */
export function reconnectSubscription(
  name: string,
  {dsn, shownDsn}: Pick<NewSubscription, 'dsn' | 'shownDsn'>,
): Statement {
  const text = (way: string): string =>
    `ALTER SUBSCRIPTION ${quoteIdentifier(name)} CONNECTION ${quoteLiteral(way).trim()}`;
  return {...sql(text(dsn)), shown: text(shownDsn)};
}

/**
 * What keeps the text of a statement with a password out of the server's log, as far as the role may: it would be written with an error, and where
 * log_statement has DDL. Only superusers may set these; a role that may not is told nothing.
 */
export function hushLog(isHushed: boolean): Statement {
  const to = (name: string, value: string): string =>
    isHushed ? `set_config('${name}', '${value}', false)` : `set_config('${name}', reset_val, false)`;
  const names = {
    log_statement: 'none',
    log_min_error_statement: 'panic',
    log_min_duration_statement: '-1',
    log_min_duration_sample: '-1',
    log_transaction_sample_rate: '0',
    'pg_stat_statements.track_utility': 'off',
    'pgaudit.log': 'none',
  };
  const calls = Object.entries(names).map(
    ([name, value]) =>
      `(SELECT ${to(name, value)} FROM pg_settings WHERE name = '${name}' AND (SELECT rolsuper FROM pg_roles WHERE rolname = current_user))`,
  );
  return sql(`SELECT ${calls.join(', ')}`);
}

/**
 * Sets where a subscription begins: at the first commit whose record starts at or after this position. Only while it is disabled, and only forwards:
 * a subscription that has applied more is not set back. No row where nothing was to be set.
 */
export function advanceOrigin(name: string, lsn: Lsn): Statement<{advanced: boolean}> {
  return sql(
    `SELECT true AS "advanced", pg_replication_origin_advance(o.roname, $2)
       FROM pg_subscription s JOIN pg_replication_origin o ON o.roname = 'pg_' || s.oid::text
      WHERE s.subname = $1 AND ${OURS} AND NOT s.subenabled
        AND coalesce(pg_replication_origin_progress(o.roname, false), '0/0') < $2`,
    [name, lsn],
  );
}

/** Lets a subscription apply. */
export function enableSubscription(name: string): Statement {
  return sql(`ALTER SUBSCRIPTION ${quoteIdentifier(name)} ENABLE`);
}

/** Has its worker go past the one transaction whose commit record starts here, as its log names it; one that comes first takes the word back. */
export function skipTransaction(name: string, commitLsn: Lsn, version: ServerVersion): Statement {
  return sql(
    `ALTER SUBSCRIPTION ${quoteIdentifier(name)} ${pick('skipTransaction', version)} (lsn = ${quoteLiteral(commitLsn).trim()})`,
  );
}

/** Learns of the tables that its publications have gained, of which changes are applied from now on; copies nothing. Only while it is enabled. */
export function refreshSubscription(name: string): Statement {
  return sql(`ALTER SUBSCRIPTION ${quoteIdentifier(name)} REFRESH PUBLICATION WITH (copy_data = false)`);
}

/** Has a subscription ask for these publications, and learn of their tables; copies nothing. Only while it is enabled; its worker begins anew where they were others. */
export function setPublications(name: string, publications: readonly string[]): Statement {
  const list = publications.map((one) => quoteIdentifier(one)).join(', ');
  return sql(`ALTER SUBSCRIPTION ${quoteIdentifier(name)} SET PUBLICATION ${list} WITH (copy_data = false)`);
}

/** A table, and the subscription that is to apply its changes. */
interface AppliedTable extends RelationName {
  readonly slot: string;
}

/** Those of these tables that their subscription, of the slot's name, does not know as one of which all changes are applied: what comes of them it passes over. */
export function readUnapplied(tables: readonly AppliedTable[]): Statement<AppliedTable> {
  return sql(
    `SELECT w.slot AS "slot", w.schema AS "schema", w.name AS "name"
       FROM unnest($1::text[], $2::text[], $3::text[]) AS w(slot, schema, name)
      WHERE NOT EXISTS (
              SELECT FROM pg_subscription s
                JOIN pg_subscription_rel r ON r.srsubid = s.oid AND r.srsubstate = 'r'
                JOIN pg_class c ON c.oid = r.srrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE s.subname = w.slot AND ${OURS} AND n.nspname = w.schema AND c.relname = w.name)
      ORDER BY 1, 2, 3`,
    [tables.map(({slot}) => slot), tables.map(({schema}) => schema), tables.map(({name}) => name)],
  );
}

/** Ends its worker, within a moment. */
export function disableSubscription(name: string): Statement {
  return sql(`ALTER SUBSCRIPTION ${quoteIdentifier(name)} DISABLE`);
}

/** Lets go of the slot, so that dropping the subscription asks nothing of the source. Only while it is disabled. */
export function detachSlot(name: string): Statement {
  return sql(`ALTER SUBSCRIPTION ${quoteIdentifier(name)} SET (slot_name = NONE)`);
}

/** Drops a subscription that has let go of its slot. */
export function dropSubscription(name: string): Statement {
  return sql(`DROP SUBSCRIPTION IF EXISTS ${quoteIdentifier(name)}`);
}

/** What the role that asks may do with subscriptions. */
export interface SubscriptionRights {
  readonly role: string;
  readonly superuser: boolean;
  /** Whether it may create one in this database. */
  readonly mayCreate: boolean;
  /** Whether it may read and set where one is. */
  readonly mayAdvance: boolean;
}

/** Whether the role may create subscriptions and set their origins: before 16, and before 14, superusers only. */
export function readSubscriptionRights(version: ServerVersion): Statement<SubscriptionRights> {
  return sql(`
    SELECT r.rolname::text AS "role", r.rolsuper AS "superuser", ${pick('mayCreateSubscription', version)} AS "mayCreate",
           ${pick('mayAdvanceOrigin', version)} AS "mayAdvance"
      FROM pg_roles r WHERE r.rolname = current_user`);
}

/** Those of these tables whose owner's rights an apply worker of this role could not take, as 16 and newer do for each row; before, it applies as a superuser. */
export function readForeignOwners(
  version: ServerVersion,
  tables: readonly RelationName[],
): Statement<{owner: string; tables: number}> {
  return sql(
    `
    SELECT o.rolname::text AS "owner", count(*)::int AS "tables"
      FROM unnest($1::text[], $2::text[]) AS wanted(schema, name)
      JOIN pg_namespace n ON n.nspname = wanted.schema
      JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name
      JOIN pg_roles o ON o.oid = c.relowner
     WHERE c.relkind IN ('r', 'p') AND NOT (${pick('mayApplyAs', version)})
     GROUP BY 1 ORDER BY 1`,
    [tables.map(({schema}) => schema), tables.map(({name}) => name)],
  );
}

/** Background workers that apply for subscriptions of every database, and all origins that are in use. */
export function readApplyUsage(version: ServerVersion): Statement<{workers: number; origins: number}> {
  return sql(`
    SELECT ${pick('applyWorkers', version)} AS "workers",
           (SELECT count(*) FROM pg_replication_origin)::int AS "origins"`);
}

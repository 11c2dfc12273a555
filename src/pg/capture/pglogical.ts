import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import type {Lsn} from '../../domain/pg/lsn.ts';
import type {RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {renderStatement, sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

// pglogical 2.4.x where changes are applied: https://github.com/2ndQuadrant/pglogical/blob/REL2_x_STABLE/docs/README.md

/** A subscription of pglogical in this database, and how far it is. */
export interface PglogicalSubscription {
  readonly name: string;
  readonly enabled: boolean;
  /** The name of its slot on the source and of its origin here: pglogical makes it up. */
  readonly slot: string;
  /** As pglogical tells: `initializing`, `replicating`, `down`, `disabled`. */
  readonly status: string;
  /** Whether its slot is still being made. */
  readonly initializing: boolean;
  /** The end of the last commit that was applied, or where the origin was set to; null before both. */
  readonly appliedLsn: Lsn | null;
  /** The worker that applies; null while none runs. */
  readonly workerPid: number | null;
  /** The pids that the worker waits for; empty where it waits for none. */
  readonly waitsFor: number[];
  /** The replication sets that it asks for: with none, nothing comes, and its slot moves on all the same. */
  readonly sets: string[];
}

/** A worker is named by the oids of database and subscription: `pglogical apply 16384:3848008564`. */
const WORKER = `'pglogical apply ' || (SELECT d.oid::text FROM pg_database d WHERE d.datname = current_database()) || ':' || s.sub_id::text`;

/** The subscriptions of these names that this database has. */
export function readPglogicalSubscriptions(
  names: readonly string[],
  version: ServerVersion,
): Statement<PglogicalSubscription> {
  return sql(
    `SELECT s.sub_name::text AS "name", s.sub_enabled AS "enabled", s.sub_slot_name::text AS "slot",
            (SELECT t.status FROM pglogical.show_subscription_status(s.sub_name) t) AS "status",
            EXISTS (SELECT FROM pglogical.local_sync_status y WHERE y.sync_subid = s.sub_id AND y.sync_nspname IS NULL AND y.sync_status <> 'r') AS "initializing",
            (SELECT pg_replication_origin_progress(o.roname, false) FROM pg_replication_origin o WHERE o.roname = s.sub_slot_name::text) AS "appliedLsn",
            w.pid AS "workerPid", CASE WHEN w.pid IS NULL THEN '{}' ELSE pg_blocking_pids(w.pid) END AS "waitsFor",
            coalesce(s.sub_replication_sets, '{}') AS "sets"
       FROM pglogical.subscription s
       LEFT JOIN pg_stat_activity w ON ${pick('workerName', version)} = ${WORKER}
      WHERE s.sub_name::text = ANY ($1)
      ORDER BY 1`,
    [names],
  );
}

/** A conninfo with its password, and as people see it. */
export interface SecretDsn {
  readonly dsn: string;
  readonly shownDsn: string;
}

/** Makes the target a node. Its own dsn is how its workers and create_subscription connect to it; the catalog keeps it in clear. */
export function createTargetNode(name: string, {dsn, shownDsn}: SecretDsn): Statement {
  const make = (text: string): Statement =>
    sql('SELECT pglogical.create_node(node_name := $1, dsn := $2)', [name, text]);
  return {...make(dsn), shown: shownOf(make(shownDsn))};
}

/** A subscription to be made. All to one provider have the same dsn, byte by byte, and share no set. */
export interface NewPglogicalSubscription extends SecretDsn {
  readonly name: string;
  readonly sets: readonly string[];
}

/**
 * Creates a subscription that copies nothing. It returns at once; its worker makes the slot, which waits for every transaction that has written something, and applies
 * from then on: its sets have to be empty. It connects to the source and, by the node's own dsn, to the target.
 */
export function createPglogicalSubscription({name, dsn, shownDsn, sets}: NewPglogicalSubscription): Statement {
  const make = (text: string): Statement =>
    sql(
      `SELECT pglogical.create_subscription(subscription_name := $1, provider_dsn := $2, replication_sets := $3, synchronize_structure := false,
            synchronize_data := false, forward_origins := '{}')`,
      [name, text, sets],
    );
  return {...make(dsn), shown: shownOf(make(shownDsn))};
}

function shownOf({text, values}: Statement): string {
  return renderStatement(sql(text, values));
}

/** A way to the node that a subscription subscribes to. */
export interface ProviderInterface {
  readonly node: string;
  readonly name: string;
  /** Whether its dsn is the one that was asked for, and whether the subscription takes it. */
  readonly isSame: boolean;
  readonly isUsed: boolean;
}

/** The ways to a subscription's provider that the target knows. `md5` of a dsn, for that has the password. */
export function readProviderInterfaces(subscription: string, md5: string): Statement<ProviderInterface> {
  return sql(
    `SELECT n.node_name::text AS "node", i.if_name::text AS "name", md5(i.if_dsn) = $2 AS "isSame", i.if_id = s.sub_origin_if AS "isUsed"
       FROM pglogical.subscription s
       JOIN pglogical.node n ON n.node_id = s.sub_origin
       JOIN pglogical.node_interface i ON i.if_nodeid = n.node_id
      WHERE s.sub_name::text = $1 ORDER BY 2`,
    [subscription, md5],
  );
}

/** Adds a way to a node; the catalog keeps it in clear. */
export function addInterface(
  {node, name}: Pick<ProviderInterface, 'node' | 'name'>,
  {dsn, shownDsn}: SecretDsn,
): Statement {
  const make = (text: string): Statement =>
    sql('SELECT pglogical.alter_node_add_interface(node_name := $1, interface_name := $2, dsn := $3)', [
      node,
      name,
      text,
    ]);
  return {...make(dsn), shown: shownOf(make(shownDsn))};
}

/** Has a subscription take that way from now on: its worker begins anew. */
export function takeInterface(subscription: string, name: string): Statement {
  return sql('SELECT pglogical.alter_subscription_interface(subscription_name := $1, interface_name := $2)', [
    subscription,
    name,
  ]);
}

/** Has a subscription ask for one set more; its worker has to begin anew for it. */
export function addSetToSubscription(subscription: string, set: string): Statement {
  return sql(
    'SELECT pglogical.alter_subscription_add_replication_set(subscription_name := $1, replication_set := $2)',
    [subscription, set],
  );
}

/** Ends its worker, within a moment; it stays so after a restart. */
export function disablePglogicalSubscription(name: string): Statement {
  return sql('SELECT pglogical.alter_subscription_disable(subscription_name := $1, immediate := true)', [name]);
}

/** Lets a subscription apply, at once: without `immediate` a worker that has ended may come after minutes. */
export function enablePglogicalSubscription(name: string): Statement {
  return sql('SELECT pglogical.alter_subscription_enable(subscription_name := $1, immediate := true)', [name]);
}

/**
 * Sets where a subscription begins: at the first commit whose record starts at or after this position. Only while it is disabled, and only forwards:
 * a subscription that has applied more is not set back. No row where nothing was to be set.
 */
export function advancePglogicalOrigin(name: string, lsn: Lsn): Statement<{advanced: boolean}> {
  return sql(
    `SELECT true AS "advanced", pg_replication_origin_advance(o.roname, $2)
       FROM pglogical.subscription s JOIN pg_replication_origin o ON o.roname = s.sub_slot_name::text
      WHERE s.sub_name::text = $1 AND NOT s.sub_enabled
        AND coalesce(pg_replication_origin_progress(o.roname, false), '0/0') < $2`,
    [name, lsn],
  );
}

/** Drops a subscription with its origin and, over its own connection, with its slot: where that fails the server only warns. Hangs while the slot is being made. */
export function dropPglogicalSubscription(name: string): Statement {
  return sql('SELECT pglogical.drop_subscription(subscription_name := $1, ifexists := true)', [name]);
}

/** Ends the session on the source that makes a subscription's slot, which waits for others' transactions and hears of nothing. */
export function endSlotCreation(name: string): Statement {
  return sql(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 || '_snap' AND datname = current_database()`,
    [name],
  );
}

/**
 * Strict mode: a change that does not fit is an error and stops the slot, instead of a line in the log. Workers take it when they start. The database's own name is
 * written by the caller, for ALTER DATABASE takes no parameter.
 */
export function setStrict(database: string): Statement {
  return sql(`ALTER DATABASE ${quoteIdentifier(database)} SET pglogical.conflict_log_level = 'error'`);
}

/** Takes strict mode back. */
export function resetStrict(database: string): Statement {
  return sql(`ALTER DATABASE ${quoteIdentifier(database)} RESET pglogical.conflict_log_level`);
}

/** Those of these tables that are on the target something else than a table of its own rows: pglogical crashes the server where they meet. */
export function readOtherKinds(tables: readonly RelationName[]): Statement<RelationName> {
  return sql(
    `SELECT n.nspname::text AS "schema", c.relname::text AS "name"
       FROM unnest($1::text[], $2::text[]) AS wanted(schema, name)
       JOIN pg_namespace n ON n.nspname = wanted.schema
       JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name
      WHERE c.relkind <> 'r' ORDER BY 1, 2`,
    [tables.map(({schema}) => schema), tables.map(({name}) => name)],
  );
}

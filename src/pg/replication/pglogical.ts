import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {HAS_IDENTITY} from '../capture/publications.ts';
import {sql, type Statement} from '../session/statement.ts';

// pglogical 2.3.4 and 2.4.x: https://github.com/2ndQuadrant/pglogical/blob/REL2_x_STABLE/docs/README.md

/** The pglogical node of this database; no row when there is none. */
export function readLocalNode(): Statement<{name: string}> {
  return sql(`
    SELECT n.node_name::text AS "name"
      FROM pglogical.node n
      JOIN pglogical.local_node l ON l.node_id = n.node_id`);
}

/** Makes this database a pglogical node. The dsn is stored in the catalog in clear: it carries no password. */
export function createNode(name: string, dsn: string): Statement {
  return sql('SELECT pglogical.create_node(node_name := $1, dsn := $2)', [name, dsn]);
}

/** Drops the node with its replication sets; refused while subscriptions use it. */
export function dropNode(name: string): Statement {
  return sql('SELECT pglogical.drop_node(node_name := $1, ifexists := true)', [name]);
}

/** What a replication set carries. */
export interface ReplicationSet {
  readonly name: string;
  readonly inserts: boolean;
  readonly updates: boolean;
  readonly deletes: boolean;
  readonly truncates: boolean;
}

/** The replication sets of the local node. */
export function readReplicationSets(): Statement<ReplicationSet> {
  return sql(`
    SELECT s.set_name::text AS "name", s.replicate_insert AS "inserts", s.replicate_update AS "updates",
           s.replicate_delete AS "deletes", s.replicate_truncate AS "truncates"
      FROM pglogical.replication_set s
      JOIN pglogical.local_node l ON l.node_id = s.set_nodeid
     ORDER BY s.set_name`);
}

/** Creates a replication set. */
export function createReplicationSet(set: ReplicationSet): Statement {
  return sql(
    `SELECT pglogical.create_replication_set(set_name := $1, replicate_insert := $2, replicate_update := $3,
            replicate_delete := $4, replicate_truncate := $5)`,
    [set.name, set.inserts, set.updates, set.deletes, set.truncates],
  );
}

/** Has a set carry again what it was made for. */
export function alterReplicationSet(set: ReplicationSet): Statement {
  return sql(
    `SELECT pglogical.alter_replication_set(set_name := $1, replicate_insert := $2, replicate_update := $3,
            replicate_delete := $4, replicate_truncate := $5)`,
    [set.name, set.inserts, set.updates, set.deletes, set.truncates],
  );
}

/** Drops a replication set with its membership; the tables stay as they are. */
export function dropReplicationSet(name: string): Statement {
  return sql('SELECT pglogical.drop_replication_set(set_name := $1, ifexists := true)', [name]);
}

/** A table of a set. */
export interface SetMember extends RelationName {
  readonly set: string;
  /** Whether some rows or columns of it are left out. */
  readonly isNarrowed: boolean;
  /** Whether the WAL names its row where one is deleted: without, nothing of a DELETE comes through a set, and nobody is told. */
  readonly hasIdentity: boolean;
}

/** Which table is in which set of the local node. */
export function readSetMembers(): Statement<SetMember> {
  return sql(`
    SELECT s.set_name::text AS "set", n.nspname::text AS "schema", c.relname::text AS "name",
           t.set_att_list IS NOT NULL OR t.set_row_filter IS NOT NULL AS "isNarrowed", ${HAS_IDENTITY} AS "hasIdentity"
      FROM pglogical.replication_set_table t
      JOIN pglogical.replication_set s ON s.set_id = t.set_id
      JOIN pglogical.local_node l ON l.node_id = s.set_nodeid
      JOIN pg_class c ON c.oid = t.set_reloid
      JOIN pg_namespace n ON n.oid = c.relnamespace`);
}

/** Takes a table out of a set; changes from then on do not come through it. */
export function removeTableFromSet(set: string, table: RelationName): Statement {
  return sql('SELECT pglogical.replication_set_remove_table(set_name := $1, relation := $2::regclass)', [
    set,
    quoteRelation(table),
  ]);
}

/**
 * Adds a table to a set, without copying it. Takes ShareRowExclusiveLock: it waits for writers and writers queue behind it, so it
 * runs under a short lock_timeout. A second add is an error (check first); a set with updates refuses a table without primary key.
 */
export function addTableToSet(set: string, table: RelationName): Statement {
  return sql(
    'SELECT pglogical.replication_set_add_table(set_name := $1, relation := $2::regclass, synchronize_data := false)',
    [set, quoteRelation(table)],
  );
}

/** A trigger that pglogical has put on a table: it writes down each TRUNCATE, for the table's sets. */
export interface TruncateTrigger extends RelationName {
  readonly trigger: string;
}

/** The truncate triggers of tables that are in no set any more: pglogical leaves them when table, set or node goes, and they do nothing. */
export function readLeftTriggers(): Statement<TruncateTrigger> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", t.tgname::text AS "trigger"
      FROM pg_trigger t
      JOIN pg_proc p ON p.oid = t.tgfoid AND p.proname = 'queue_truncate'
      JOIN pg_namespace pn ON pn.oid = p.pronamespace AND pn.nspname = 'pglogical'
      JOIN pg_class c ON c.oid = t.tgrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE NOT EXISTS (SELECT FROM pglogical.replication_set_table s WHERE s.set_reloid = c.oid)
     ORDER BY 1, 2, 3`);
}

/** A table of a set of which nobody writes down a TRUNCATE: pglogical's trigger is disabled, or gone, and then it has no name. */
export interface UntoldTruncate extends RelationName {
  readonly trigger: string | null;
}

/** The tables of these sets whose TRUNCATE does not come, and of which nobody is told: all that fires in a session that is no replica's is as good as the first. */
export function readUntoldTruncates(sets: readonly string[]): Statement<UntoldTruncate> {
  return sql(
    `SELECT n.nspname::text AS "schema", c.relname::text AS "name", min(t.tgname::text) AS "trigger"
       FROM pglogical.replication_set_table m
       JOIN pglogical.replication_set s ON s.set_id = m.set_id
       JOIN pglogical.local_node l ON l.node_id = s.set_nodeid
       JOIN pg_class c ON c.oid = m.set_reloid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN (pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid AND p.proname = 'queue_truncate'
                               JOIN pg_namespace pn ON pn.oid = p.pronamespace AND pn.nspname = 'pglogical') ON t.tgrelid = c.oid
      WHERE s.set_name::text = ANY ($1)
      GROUP BY 1, 2 HAVING NOT coalesce(bool_or(t.tgenabled IN ('O', 'A')), false) ORDER BY 1, 2`,
    [sets],
  );
}

/** Drops one of them; for the table's owner or a superuser. Locks the table for a moment. */
export function dropTruncateTrigger({trigger, ...table}: TruncateTrigger): Statement {
  return sql(`DROP TRIGGER IF EXISTS ${quoteIdentifier(trigger)} ON ${quoteRelation(table)}`);
}

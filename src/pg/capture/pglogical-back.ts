import {renderStatement, sql, type Statement} from '../session/statement.ts';
import type {SecretDsn} from './pglogical.ts';

// pglogical 2.3.4 and 2.4.x: https://github.com/2ndQuadrant/pglogical/blob/REL2_x_STABLE/docs/README.md

/** Has a subscription ask for one more replication set, from its next start on. Nothing where it does already. */
export function addSubscriptionSet(subscription: string, set: string): Statement {
  return sql(
    'SELECT pglogical.alter_subscription_add_replication_set(subscription_name := $1, replication_set := $2)',
    [subscription, set],
  );
}

/** Has it ask for a replication set no more, from its next start on. */
export function removeSubscriptionSet(subscription: string, set: string): Statement {
  return sql(
    'SELECT pglogical.alter_subscription_remove_replication_set(subscription_name := $1, replication_set := $2)',
    [subscription, set],
  );
}

/** How the database's own node is reached, which create_subscription tries: `longhaul`, `host=db port=5432 dbname=app`. */
export interface OwnInterface {
  readonly node: string;
  readonly name: string;
  readonly dsn: string;
}

/** Reads it; no row where the database is no node. */
export function readOwnInterface(): Statement<OwnInterface> {
  return sql(`
    SELECT n.node_name::text AS "node", i.if_name::text AS "name", i.if_dsn AS "dsn"
      FROM pglogical.local_node l
      JOIN pglogical.node n ON n.node_id = l.node_id
      JOIN pglogical.node_interface i ON i.if_id = l.node_local_interface`);
}

/** Gives the own node's interface another dsn. Its id comes from its name, so that the node goes on pointing to it; nobody subscribes through it here. */
export function replaceOwnInterface(
  {node, name}: Pick<OwnInterface, 'node' | 'name'>,
  {dsn, shownDsn}: SecretDsn,
): Statement {
  const make = (text: string): Statement =>
    sql(
      `SELECT pglogical.alter_node_add_interface(node_name := $1, interface_name := $2, dsn := $3)
         FROM (SELECT pglogical.alter_node_drop_interface(node_name := $1, interface_name := $2) OFFSET 0) AS dropped`,
      [node, name, text],
    );
  const {text, values} = make(shownDsn);
  return {...make(dsn), shown: renderStatement(sql(text, values))};
}

/** The subscriptions of this database beside these: what is set for all of its workers is set for theirs as well. */
export function readOtherSubscriptions(names: readonly string[]): Statement<{name: string}> {
  return sql(
    `SELECT s.sub_name::text AS "name" FROM pglogical.subscription s WHERE s.sub_name::text <> ALL ($1) ORDER BY 1`,
    [names],
  );
}

import type {Client} from 'pg';
import type {Lab} from '../../../src/lab/lab.ts';
import {connectTo} from '../../support/application.ts';
import {bySql, expectRows, type Situation} from './situation.ts';

/** Our role does with pglogical what the steps do, an application may not, and truncates a table that is in a set. */
async function pglogicalWorks(lab: Lab): Promise<void> {
  const ours = await connectTo(lab.source, {user: 'longhaul_local', database: 'app'});
  const app = await connectTo(lab.source, {user: 'app', database: 'app'});
  try {
    await ours.query("SET ROLE longhaul; SELECT pglogical.create_node('tried', 'dbname=app')");
    await ours.query("SELECT pglogical.create_replication_set('tried_set')");
    await ours.query("SELECT pglogical.replication_set_add_table('tried_set', 'shop.basket')");
    await refused(app, "SELECT pglogical.replication_set_remove_table('tried_set', 'shop.basket')");
    await refused(app, "SELECT pglogical.drop_node('tried')");
    await refused(app, "SELECT pglogical.create_subscription('theirs', 'host=127.0.0.1 port=1')");
    await app.query('TRUNCATE shop.basket');
    await ours.query("SELECT pglogical.drop_node('tried')");
  } finally {
    await Promise.all([ours.end(), app.end()]);
  }
}

async function refused(client: Client, statement: string): Promise<void> {
  const refusal = await client.query(statement).then(
    () => null,
    (error: unknown) => error,
  );
  if (!(refusal instanceof Error) || !/permission denied/.test(refusal.message))
    throw new Error(`not refused: ${statement}`, {cause: refusal});
}

/** The extension, its rights, its node. */
export const PGLOGICAL: readonly Situation[] = [
  {
    id: 'source.pglogical',
    when: 'pglogical is not in the database',
    arise: bySql('DROP EXTENSION pglogical CASCADE; DROP SCHEMA pglogical'),
    holds: pglogicalWorks,
  },
  {
    id: 'source.pglogical-public',
    when: 'somebody has made the extension and granted nothing',
    arise: bySql(
      'DROP EXTENSION pglogical CASCADE; DROP SCHEMA pglogical; CREATE EXTENSION pglogical; GRANT USAGE ON SCHEMA pglogical TO replicator',
    ),
    hurts: true,
    holds: async (lab) => {
      // Our role's own grants are another finding's.
      await lab.source.sql('GRANT SELECT ON ALL TABLES IN SCHEMA pglogical TO longhaul');
      await pglogicalWorks(lab);
      await expectRows(lab.source, MAY_CALL, 'longhaul, replicator');
    },
  },
  {
    id: 'source.pglogical-open',
    when: 'every role may call what changes replication',
    arise: bySql(`REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pglogical FROM replicator;
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pglogical TO PUBLIC`),
    holds: async (lab) => {
      await pglogicalWorks(lab);
      await expectRows(lab.source, MAY_CALL, 'longhaul, replicator');
    },
  },
  {
    id: 'source.pglogical-usage',
    when: 'the role may not call pglogical',
    arise: bySql('REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pglogical FROM longhaul'),
    holds: pglogicalWorks,
  },
  {
    id: 'source.node',
    when: 'a node was left by somebody',
    arise: bySql("SELECT pglogical.create_node('it''s left', 'dbname=app')"),
  },
];

const MAY_CALL = `SELECT rolname FROM pg_roles WHERE NOT rolsuper AND rolname NOT IN ('longhaul_local') AND rolname !~ '^pg_'
  AND has_function_privilege(oid, 'pglogical.drop_node(name, boolean)', 'EXECUTE') ORDER BY 1`;

import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Lab} from '../../src/lab/lab.ts';
import {waitFor} from './held.ts';

/** The database of the bare subscriptions, beside Longhaul's own. */
export const BARE = 'bare';

/** The engines whose rate is measured beside a subscription that somebody makes by hand. */
export type BareEngine = 'native' | 'pglogical';

/** Tables by the slot of Longhaul's that captures them: a bare subscription for each. */
type Groups = ReadonlyMap<string, readonly string[]>;

/** What an engine wants to have a subscription made by hand. */
interface ByHand {
  readonly groups: string;
  readonly make: (lab: Lab, groups: Groups) => Promise<void>;
  /** How many of its subscriptions are applied. */
  readonly running: string;
}

/** Makes the other database as the target is now, and subscribes it to the same tables in the same groups. The source has no writers meanwhile. */
export async function makeBare(lab: Lab, engine: BareEngine): Promise<number> {
  const {groups: read, make, running} = BY_HAND[engine];
  const rows = await lab.source.sql(read);
  const bySlot = Map.groupBy(rows, ([slot = '']) => slot.replace('lh_', 'bare_'));
  const groups = new Map([...bySlot].map(([name, all]) => [name, all.map(([, table = '']) => table)]));
  await lab.target.sql(`CREATE DATABASE ${BARE}`, 'postgres');
  const at = ['-h', lab.target.socketDir, '-p', String(lab.target.port), '-U', 'postgres'];
  const program = (name: string): string => join(lab.target.clientBin, name);
  const dump = execFileSync(program('pg_dump'), [...at, '-n', 'public', '--no-owner', '-x', 'app'], {
    maxBuffer: 1024 * 1024 * 1024,
  });
  execFileSync(program('psql'), [...at, '-qX', '-d', BARE], {input: dump, stdio: ['pipe', 'ignore', 'ignore']});
  await make(lab, groups);
  await waitFor('the bare subscriptions to be applied', async () => {
    const [[count = '0'] = []] = await lab.target.sql(running, BARE);
    return Number(count) === groups.size;
  });
  return groups.size;
}

/** As Longhaul's subscriptions reach the source. */
function sourceDsn(lab: Lab): string {
  const password = readFileSync(join(lab.folder, 'pgpass'), 'utf8').trim().split('\n')[0]?.split(':').at(-1) ?? '';
  return `host=127.0.0.1 port=${lab.source.port} dbname=app user=longhaul password=${password}`;
}

const BY_HAND: Readonly<Record<BareEngine, ByHand>> = {
  native: {
    groups: `SELECT pubname, format('%I.%I', schemaname, tablename) FROM pg_publication_tables WHERE schemaname = 'public' AND pubname LIKE 'lh\\_%'`,
    running: `SELECT count(*) FROM pg_stat_subscription WHERE subname LIKE 'bare\\_%' AND pid IS NOT NULL`,
    make: async (lab, groups) => {
      for (const [name, tables] of groups) {
        await lab.source.sql(`CREATE PUBLICATION ${name} FOR TABLE ${tables.join(', ')}`);
        await lab.target.sql(
          `CREATE SUBSCRIPTION ${name} CONNECTION '${sourceDsn(lab)}' PUBLICATION ${name} WITH (copy_data = false)`,
          BARE,
        );
      }
    },
  },
  pglogical: {
    groups: `SELECT set_name, format('%I.%I', nspname, relname) FROM pglogical.tables WHERE nspname = 'public' AND set_name LIKE 'lh\\_%'`,
    running: `SELECT count(*) FROM pglogical.show_subscription_status() WHERE status = 'replicating'`,
    make: async (lab, groups) => {
      const {socketDir, port} = lab.target;
      await lab.target.sql('CREATE EXTENSION pglogical', BARE);
      await lab.target.sql(
        `SELECT pglogical.create_node('bare', 'host=${socketDir} port=${port} user=postgres dbname=${BARE}')`,
        BARE,
      );
      for (const [name, tables] of groups) {
        await lab.source.sql(`SELECT pglogical.create_replication_set('${name}')`);
        for (const table of tables)
          await lab.source.sql(`SELECT pglogical.replication_set_add_table('${name}', '${table}')`);
        await lab.target.sql(
          `SELECT pglogical.create_subscription('${name}', '${sourceDsn(lab)}', ARRAY['${name}'], false, false, '{}')`,
          BARE,
        );
      }
    },
  },
};

import {setTimeout as wait} from 'node:timers/promises';
import {Client} from 'pg';
import type {LabServer} from '../../src/lab/cluster/lab-server.ts';
import {TABLES} from './data.ts';

const LIMIT_MS = 120_000;
const POLL_MS = 5;

/** Asks until the answer is yes; throws after two minutes with what was waited for. */
export async function waitFor(what: string, ask: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + LIMIT_MS; !(await ask()); await wait(POLL_MS))
    if (performance.now() > end) throw new Error(`waited two minutes in vain for ${what}`);
}

/** A database of the target whose tables nobody can change, so that every worker waits at its first row. */
export interface Held {
  /** Lets all go at once; gives the seconds until each table has the row that was written last. */
  readonly release: (mark: number) => Promise<number>;
}

/** Holds the tables of a database of the target. */
export async function hold(target: LabServer, database: string): Promise<Held> {
  const holder = await connect(target, database);
  await holder.query(`SET default_transaction_read_only = off; BEGIN; LOCK TABLE ${TABLES.join(', ')} IN SHARE MODE`);
  return {
    release: async (mark) => {
      const reader = await connect(target, database);
      const marks = TABLES.map((name) => `SELECT FROM ${name} WHERE id = ${-mark}`).join(' UNION ALL ');
      const began = performance.now();
      await holder.query('COMMIT');
      await waitFor('the last row of a backlog', async () => {
        const {rowCount} = await reader.query(marks);
        return rowCount === TABLES.length;
      });
      const seconds = (performance.now() - began) / 1000;
      await Promise.all([holder.end(), reader.end()]);
      return seconds;
    },
  };
}

/** Waits until so many workers wait for what is held. */
export async function waitUntilHeld(target: LabServer, workers: number): Promise<void> {
  await waitFor(`${workers} workers to come to their first row`, async () => {
    const [[count = '0'] = []] = await target.sql(
      "SELECT count(DISTINCT pid) FROM pg_locks WHERE locktype = 'relation' AND NOT granted",
      'postgres',
    );
    return Number(count) >= workers;
  });
}

async function connect({socketDir, port}: LabServer, database: string): Promise<Client> {
  const client = new Client({host: socketDir, port, user: 'postgres', database});
  await client.connect();
  return client;
}

import {Client} from 'pg';
import type {Lab} from '../../src/lab/lab.ts';

/** An application of the source: a role of its own, no superuser, with tables of its own. */
export interface Application {
  /** One round of what applications do: rows, TRUNCATE, temporary tables, indexes, columns, tables. Throws with the server's words. */
  readonly work: () => Promise<void>;
  /** Connects again, as an application does after its server was restarted. */
  readonly reconnect: () => Promise<void>;
  readonly end: () => Promise<void>;
}

const ROUND = [
  "INSERT INTO shop.cart (what) VALUES ('tea')",
  "UPDATE shop.cart SET what = 'coffee' WHERE what = 'tea'",
  "DELETE FROM shop.cart WHERE what = 'coffee'",
  'TRUNCATE shop.basket',
  'CREATE TEMP TABLE found (id integer)',
  'DROP TABLE found',
  'CREATE INDEX cart_what ON shop.cart (what)',
  'DROP INDEX shop.cart_what',
  'ALTER TABLE shop.cart ADD note text',
  'ALTER TABLE shop.cart DROP COLUMN note',
  'CREATE TABLE shop.of_today (id integer PRIMARY KEY)',
  'DROP TABLE shop.of_today',
];

/** Makes the application's schema `shop` on the source, and connects as role `app`. */
export async function startApplication(lab: Pick<Lab, 'source'>): Promise<Application> {
  await lab.source.sql(`
    CREATE SCHEMA shop AUTHORIZATION app;
    SET ROLE app;
    CREATE TABLE shop.cart (id serial PRIMARY KEY, what text);
    CREATE TABLE shop.kept (what text PRIMARY KEY);
    CREATE TABLE shop.basket (id integer PRIMARY KEY);`);
  const connectAsApp = async (): Promise<Client> =>
    connectTo(lab.source, {
      user: 'app',
      database: 'app',
      settings: "SET lock_timeout = '5s'; SET statement_timeout = '10s'",
    });
  let client = await connectAsApp();
  return {
    work: async () => {
      for (const statement of ROUND) await run(client, statement);
    },
    reconnect: async () => {
      await client.end().catch(() => undefined);
      client = await connectAsApp();
    },
    end: async () => client.end(),
  };
}

/** A connection to a lab's server through its private socket. */
export async function connectTo(
  server: Lab['source'],
  {user, database, settings}: {readonly user: string; readonly database: string; readonly settings?: string},
): Promise<Client> {
  const client = new Client({host: server.socketDir, port: server.port, user, database});
  // A restart cuts it off; the next statement says so.
  client.on('error', () => undefined);
  await client.connect();
  if (settings !== undefined) await client.query(settings);
  return client;
}

/** Runs one statement; an error names it. */
export async function run(client: Client, statement: string): Promise<void> {
  try {
    await client.query(statement);
  } catch (error) {
    throw new Error(`${statement}: ${error instanceof Error ? error.message : String(error)}`, {cause: error});
  }
}

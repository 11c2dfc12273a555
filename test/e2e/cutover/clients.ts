import {Client} from 'pg';
import type {LabServer} from '../../../src/lab/cluster/lab-server.ts';

/** Clients of the application, which connect again as soon as they are cut off. */
export interface Clients {
  readonly stop: () => Promise<void>;
  /** Ids of rows whose commit was answered. */
  readonly committed: () => readonly number[];
  /** Why a client was cut off or refused last. */
  readonly lastError: () => string;
}

/** Starts so many clients that write a row in each transaction, as the application does, and pause after it; `also` is one statement more, with the account as $1. */
export function startClients(
  server: LabServer,
  {many = 4, pauseMs = 0, also = null}: {many?: number; pauseMs?: number; also?: string | null} = {},
): Clients {
  const stopped = new AbortController();
  const isOn = (): boolean => !stopped.signal.aborted;
  const committed: number[] = [];
  let last = '';
  const all = Array.from({length: many}, async () => {
    while (isOn()) {
      const client = new Client({host: server.socketDir, port: server.port, user: 'app', database: 'app'});
      client.on('error', () => undefined);
      try {
        await client.connect();
        while (isOn()) {
          committed.push(await write(client, also));
          if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
        }
      } catch (error) {
        last = String(error);
        // Cut off, or refused: it comes back at once, as a pool does.
        await new Promise((resolve) => setTimeout(resolve, 20));
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  });
  return {
    stop: async () => {
      stopped.abort();
      await Promise.all(all);
    },
    committed: () => committed,
    lastError: () => last,
  };
}

/** The ids of the rows that a server has. */
export async function rowsOf(server: LabServer): Promise<number[]> {
  return (await server.sql('SELECT id FROM public.moves ORDER BY id')).map(([id]) => Number(id));
}

async function write(client: Client, also: string | null): Promise<number> {
  const account = 1 + Math.floor(Math.random() * 200);
  await client.query('BEGIN');
  await client.query('UPDATE public.accounts SET balance = balance + 1 WHERE id = $1', [account]);
  const {rows} = await client.query<{id: string}>(
    'INSERT INTO public.moves (account, amount) VALUES ($1, 1) RETURNING id',
    [account],
  );
  if (also !== null) await client.query(also, [account]);
  await client.query('COMMIT');
  return Number(rows[0]?.id);
}

import {Client} from 'pg';
import type {LabServer} from '../../src/lab/cluster/lab-server.ts';
import {CHILDREN, PARENT_ROWS, PARENTS} from './data.ts';

/** How long the application was kept from writing, by the clock of its clients. */
export interface WriteStop {
  /** From the first write that was refused until the first that the other side took. */
  readonly stopMs: number;
  /** From the last write that the one side took until then. */
  readonly gapMs: number;
}

/** The application: clients that write at a rate, on whichever side takes it. */
export interface Writers {
  /** The write stop since the last time that this was asked; null while no side has changed. */
  readonly takeStop: () => WriteStop | null;
  /** How many transactions were answered. */
  readonly committed: () => number;
  readonly stop: () => Promise<void>;
}

const CLIENTS = 8;
const AGAIN_MS = 5;

/** Starts the clients: so many transactions a second in all, of two rows each. */
export function startWriters(sides: readonly [LabServer, LabServer], perSecond: number): Writers {
  const stopped = new AbortController();
  const isOn = (): boolean => !stopped.signal.aborted;
  const everyMs = (1000 * CLIENTS) / perSecond;
  let committed = 0;
  let side = 0;
  let lastAccepted = performance.now();
  let firstRefused: number | null = null;
  let stop: WriteStop | null = null;

  const accepted = (on: number): void => {
    const now = performance.now();
    committed += 1;
    if (on !== side) {
      stop = {stopMs: now - (firstRefused ?? now), gapMs: now - lastAccepted};
      side = on;
    }
    // A write that was in flight when another was refused says nothing of it.
    firstRefused = null;
    lastAccepted = now;
  };

  async function client(): Promise<void> {
    let on = side;
    while (isOn()) {
      const server = sides[on] ?? sides[0];
      const one = new Client({host: server.socketDir, port: server.port, user: 'app', database: 'app'});
      one.on('error', () => undefined);
      try {
        await one.connect();
        for (let due = performance.now(); isOn(); due = Math.max(due + everyMs, performance.now())) {
          await pause(due - performance.now());
          await write(one);
          accepted(on);
        }
      } catch {
        firstRefused ??= performance.now();
        await pause(AGAIN_MS);
        on = 1 - on;
      } finally {
        await one.end().catch(() => undefined);
      }
    }
  }

  const all = Array.from({length: CLIENTS}, async () => client());
  return {
    takeStop: () => {
      const seen = stop;
      stop = null;
      return seen;
    },
    committed: () => committed,
    stop: async () => {
      stopped.abort();
      await Promise.all(all);
    },
  };
}

async function pause(ms: number): Promise<void> {
  if (ms > 0)
    await new Promise((resolve) => {
      setTimeout(resolve, ms);
    });
}

/** A row of a child and its sum in the parent, in one transaction. */
async function write(client: Client): Promise<void> {
  const child = Math.floor(Math.random() * CHILDREN);
  const parent = 1 + Math.floor(Math.random() * PARENT_ROWS);
  await client.query(
    `WITH paid AS (UPDATE public.parent_${child % PARENTS} SET balance = balance + 1 WHERE id = ${parent} RETURNING id)
     INSERT INTO public.child_${child} (parent, amount) SELECT id, 1 FROM paid`,
  );
}

/** What a side has of them: rows and sums, which are the same where nothing is lost or doubled. */
export async function sumsOf(server: LabServer): Promise<{readonly rows: number; readonly balance: number}> {
  const children = Array.from({length: CHILDREN}, (_, n) => `SELECT sum(amount) AS a FROM public.child_${n}`);
  const parents = Array.from({length: PARENTS}, (_, n) => `SELECT sum(balance) AS b FROM public.parent_${n}`);
  const [[rows = '0', balance = '0'] = []] = await server.sql(
    `SELECT (SELECT sum(a) FROM (${children.join(' UNION ALL ')}) AS c)::bigint, (SELECT sum(b) FROM (${parents.join(' UNION ALL ')}) AS p)::bigint`,
  );
  return {rows: Number(rows), balance: Number(balance)};
}

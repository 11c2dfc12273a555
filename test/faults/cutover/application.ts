import {setTimeout as wait} from 'node:timers/promises';
import {Client} from 'pg';
import type {LabServer} from '../../../src/lab/cluster/lab-server.ts';

/** The side of a server in these stories. */
export type Side = 'source' | 'target';

/** A transaction of the application, as its client knows of it. Times are of one steady clock, in milliseconds. */
export interface Written {
  readonly token: string;
  readonly side: Side;
  readonly sentAt: number;
  /** When COMMIT was answered; null where the answer was lost, and nobody knows. */
  readonly answeredAt: number | null;
}

/** How a client writes: what it says first in a session, and as whom. */
export interface Manner {
  readonly user: string;
  readonly first: string;
  readonly begin: string;
}

/** As an application does that knows of nothing. */
const USUAL: Manner = {user: 'app', first: '', begin: 'BEGIN'};

/** An application with clients on both sides all the time, as after a change of DNS that not everybody has seen. */
export interface Application {
  /** Starts the usual clients of a side. */
  readonly begin: (side: Side) => void;
  readonly written: () => readonly Written[];
  /** Errors that no cutover may bring: a key that is taken twice. */
  readonly wrong: () => readonly string[];
  /** Starts a client more, on one side; `end` ends it. */
  readonly join: (side: Side, manner: Manner) => {readonly end: () => Promise<void>};
  /** How many transactions each of the usual clients of a side has had answered. */
  readonly counts: (side: Side) => readonly number[];
  /** No client is in a transaction until it is resumed. */
  readonly pause: () => Promise<void>;
  readonly resume: () => void;
  readonly stop: () => Promise<void>;
}

const CLIENTS = 2;
const PAUSE_MS = 8;
/** Said by a server that refuses writes: a pool keeps such a session. */
const READ_ONLY = '25006';
const TAKEN = '23505';

interface Own {
  readonly side: Side;
  readonly manner: Manner;
  count: number;
  isOver: boolean;
  isBusy: boolean;
}

/** Starts the usual clients of the source; those of the target come with `begin`, for before change capture it takes writes. */
export function startApplication(servers: Readonly<Record<Side, LabServer>>): Application {
  const written: Written[] = [];
  const wrong: string[] = [];
  let number = 0;
  let isPaused = false;

  async function write(client: Client, own: Own): Promise<void> {
    number += 1;
    const token = `${own.side}-${number}`;
    const account = 1 + Math.floor(Math.random() * 200);
    await client.query(own.manner.begin);
    await client.query('UPDATE public.accounts SET balance = balance + 1 WHERE id = $1', [account]);
    await client.query('INSERT INTO public.moves (account, amount, token) VALUES ($1, 1, $2)', [account, token]);
    await client.query('INSERT INTO public.log (token) VALUES ($1)', [token]);
    const sentAt = performance.now();
    let answeredAt: number | null = null;
    try {
      await client.query('COMMIT');
      answeredAt = performance.now();
    } finally {
      written.push({token, side: own.side, sentAt, answeredAt});
    }
    own.count += 1;
  }

  async function session(own: Own): Promise<void> {
    const {socketDir, port} = servers[own.side];
    const client = new Client({host: socketDir, port, user: own.manner.user, database: 'app'});
    client.on('error', () => undefined);
    try {
      await client.connect();
      if (own.manner.first !== '') await client.query(own.manner.first);
      while (!own.isOver) {
        if (isPaused) own.isBusy = false;
        else {
          own.isBusy = true;
          await write(client, own).catch(async (error: unknown) => keepIfReadOnly(client, error));
        }
        await wait(PAUSE_MS);
      }
    } catch (error) {
      if (codeOf(error) === TAKEN) wrong.push(String(error));
    } finally {
      own.isBusy = false;
      await client.end().catch(() => undefined);
    }
  }

  async function live(own: Own): Promise<void> {
    while (!own.isOver) {
      if (!isPaused) await session(own);
      // Cut off, or refused: it comes back at once, as a pool does.
      await wait(20);
    }
  }

  const usual: Own[] = (['source', 'target'] as const).flatMap((side) =>
    Array.from({length: CLIENTS}, () => ({side, manner: USUAL, count: 0, isOver: false, isBusy: false})),
  );
  const all: Own[] = [...usual];
  const begin = (side: Side): void => void lives.push(...usual.filter((own) => own.side === side).map(live));
  const lives: Promise<void>[] = [];
  begin('source');
  return {
    begin,
    written: () => written,
    wrong: () => wrong,
    join: (side, manner) => {
      const own: Own = {side, manner, count: 0, isOver: false, isBusy: false};
      all.push(own);
      const life = live(own);
      return {
        end: async () => {
          own.isOver = true;
          await life;
        },
      };
    },
    counts: (side) => usual.filter((own) => own.side === side).map(({count}) => count),
    pause: async () => {
      isPaused = true;
      while (all.some(({isBusy}) => isBusy)) await wait(5);
    },
    resume: () => (isPaused = false),
    stop: async () => {
      for (const own of all) own.isOver = true;
      await Promise.all(lives);
    },
  };
}

/** A pool keeps a session that was refused, and tries the next transaction in it. */
async function keepIfReadOnly(client: Client, error: unknown): Promise<void> {
  if (codeOf(error) !== READ_ONLY) throw error;
  await client.query('ROLLBACK');
  await wait(30);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null;
}

/** Writes to another database of the server, which takes transaction numbers as well, until it is ended. */
export function startNeighbour(server: LabServer): {readonly stop: () => Promise<void>} {
  const over = new AbortController();
  const isOn = (): boolean => !over.signal.aborted;
  const work = async (): Promise<void> => {
    while (isOn()) {
      const client = new Client({host: server.socketDir, port: server.port, user: 'postgres', database: 'neighbour'});
      client.on('error', () => undefined);
      try {
        await client.connect();
        while (isOn()) {
          await client.query('UPDATE public.busy SET n = n + 1');
          await wait(10);
        }
      } catch {
        await wait(50);
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  };
  const working = work();
  return {
    stop: async () => {
      over.abort();
      await working;
    },
  };
}

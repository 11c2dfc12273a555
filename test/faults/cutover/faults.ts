import {rm, writeFile} from 'node:fs/promises';
import {setTimeout as wait} from 'node:timers/promises';
import {Client} from 'pg';
import type {LabServer} from '../../../src/lab/cluster/lab-server.ts';
import {eventually, stateOf} from '../../support/longhaul.ts';
import {at, atRandomMoment, give, giveOrder, type Order, type Story} from './story.ts';

/**
 * A fault in a cutover or in a way back: gives the order, breaks something while it is carried out, and mends what does not pass by itself. Gives the order that was given, and where it hit.
 */
export type CutoverFault = (story: Story) => Promise<{readonly order: Order; readonly hit: string}>;

async function killSupervisor({lab}: Story): Promise<void> {
  const pid = (await stateOf(lab)).supervisor?.pid;
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Orders, waits for a moment of the seed, and does something. */
function atAnyMoment(act: (story: Story) => Promise<unknown>): CutoverFault {
  return async (story) => {
    const order = giveOrder(story);
    const moment = await atRandomMoment(story, order);
    await act(story);
    await order.ended;
    return {order, hit: moment};
  };
}

/** A session that holds a lock until it is let go. */
async function hold(server: LabServer, sql: string): Promise<() => Promise<void>> {
  const client = new Client({host: server.socketDir, port: server.port, user: 'postgres', database: 'app'});
  client.on('error', () => undefined);
  await client.connect();
  await client.query('SET default_transaction_read_only = off');
  await client.query('BEGIN READ WRITE');
  await client.query(sql);
  return async () => client.end().catch(() => undefined);
}

/** With something held on the side that is led to, so that the order waits there until it goes back. */
function whileHeld(sql: string, act: (story: Story, order: Order) => Promise<unknown>): CutoverFault {
  return async (story) => {
    const letGo = await hold(story.to, sql);
    const order = giveOrder(story);
    try {
      await act(story, order);
    } finally {
      await letGo();
    }
    await order.ended;
    return {order, hit: sql.slice(0, 40)};
  };
}

/** With a table held on the side that is led to, from the moment on at which writes are being stopped: what was written before does not arrive. */
function whileNothingArrives(act: (story: Story, order: Order) => Promise<unknown>): CutoverFault {
  return async (story) => {
    const order = giveOrder(story);
    const isStopping = await at(story, 'stopping', order);
    const letGo = await hold(story.to, 'LOCK TABLE public.log IN SHARE MODE');
    try {
      await act(story, order);
    } finally {
      await letGo();
    }
    await order.ended;
    return {order, hit: isStopping ? 'stopping' : 'never'};
  };
}

/** Holds the database that is led to as it is, so that it is not opened, from the hand-over on: before, whoever makes a slot there would wait. Gives what lets it go, once it is being opened. */
async function holdOpening(story: Story, order: Order): Promise<() => Promise<void>> {
  await at(story, 'hand-over', order);
  const letGo = await hold(story.to, "ALTER DATABASE app SET work_mem = '4MB'");
  await at(story, 'opening', order);
  return letGo;
}

/** With a file by which the operator's commands are led. */
function withFile(
  name: string,
  act: (story: Story, order: Order) => Promise<unknown> = async () => undefined,
): CutoverFault {
  return async (story) => {
    const file = story.place(name.startsWith('hand') ? `${name}.${story.direction.to}` : name);
    await writeFile(file, '');
    const order = giveOrder(story);
    await act(story, order);
    await order.ended;
    await rm(file, {force: true});
    return {order, hit: name};
  };
}

/** With a client more on the side that is left, which does not let itself be kept out. */
function withClient(manner: {readonly user: string; readonly first: string; readonly begin: string}): CutoverFault {
  return async (story) => {
    const {direction, app} = story;
    const client = app.join(direction.from, manner);
    try {
      const order = giveOrder(story);
      await order.ended;
      return {order, hit: manner.begin};
    } finally {
      await client.end();
    }
  };
}

async function endWalsenders({from}: Story, order: Order): Promise<void> {
  const end = performance.now() + 2_000;
  while (performance.now() < end && !order.isOver()) {
    await from
      .sql("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_type = 'logical' AND active")
      .catch(() => []);
    await wait(50);
  }
}

/** For whoever means it: the side that was left is read-only by default. */
const WRITE = 'SET default_transaction_read_only = off;';

/** Each is tried before any comes again. */
export const CUTOVER_FAULTS: Readonly<Record<string, CutoverFault>> = {
  nothing: async (story) => {
    const order = giveOrder(story);
    await order.ended;
    return {order, hit: 'never'};
  },
  'kill -9 supervisor': atAnyMoment(killSupervisor),
  'kill -9 console': async (story) => {
    const order = giveOrder(story);
    const hit = await atRandomMoment(story, order);
    if (!order.isOver()) process.kill(order.pid, 'SIGKILL');
    await order.ended;
    return {order, hit};
  },
  'kill -9 supervisor and console': async (story) => {
    const order = giveOrder(story);
    const hit = await atRandomMoment(story, order);
    if (!order.isOver()) process.kill(order.pid, 'SIGKILL');
    await killSupervisor(story);
    await order.ended;
    return {order, hit};
  },
  'crash of the side that is left': atAnyMoment(async ({from}) => from.restart('immediate')),
  'crash of the side that is led to': atAnyMoment(async ({to}) => to.restart('immediate')),
  'restart of the side that is left': atAnyMoment(async ({from}) => from.restart('fast')),
  'taken back at a moment': atAnyMoment(async ({lab, direction}) => give(lab, direction.command, '--back-out').ended),
  'two orders at once': async (story) => {
    const [order, other] = [giveOrder(story), giveOrder(story)];
    const ends = await Promise.all([order.ended, other.ended]);
    return {order: (await order.ended).code === 0 ? order : other, hit: ends.map(({code}) => code).join(' and ')};
  },
  'a client that begins READ WRITE': withClient({user: 'app', first: '', begin: 'BEGIN READ WRITE'}),
  'a client that sets itself free': withClient({
    user: 'app',
    first: 'SET default_transaction_read_only = off',
    begin: 'BEGIN',
  }),
  'a role with a setting of its own': async (story) => {
    await story.from.sql(`${WRITE} ALTER ROLE batch SET default_transaction_read_only = off`);
    try {
      return await withClient({user: 'batch', first: '', begin: 'BEGIN'})(story);
    } finally {
      await story.from.sql(`${WRITE} ALTER ROLE batch RESET default_transaction_read_only`);
    }
  },
  'a hand-over command that fails': withFile('hand.fails'),
  'a hand-over command that hangs': withFile('hand.hangs'),
  'a hand-over command that hangs, supervisor killed': withFile('hand.hangs', async (story, order) => {
    await at(story, 'hand-over', order);
    await wait(300);
    await killSupervisor(story);
  }),
  'a hand-over command that hangs, taken back': withFile('hand.hangs', async (story, order) => {
    await at(story, 'hand-over', order);
    await wait(200);
    await give(story.lab, story.direction.command, '--back-out').ended;
  }),
  'a stop_before whose check never holds': withFile('stop.never'),
  'change capture that is behind before anything is stopped': whileHeld(
    'LOCK TABLE public.log IN SHARE MODE',
    async (_, order) => order.ended,
  ),
  'a slot that does not drain, for a table is locked': whileNothingArrives(async (_, order) => order.ended),
  'a slot that does not drain, taken back': whileNothingArrives(async (story, order) => {
    await at(story, 'drain', order);
    await wait(story.random() * 1_000);
    await give(story.lab, story.direction.command, '--back-out').ended;
  }),
  'a slot that does not drain, supervisor killed': whileNothingArrives(async (story, order) => {
    await at(story, 'drain', order);
    await wait(story.random() * 1_000);
    await killSupervisor(story);
  }),
  'a transaction of the other server that a slot waits for': async (story) => {
    const order = giveOrder(story);
    await at(story, 'stopping', order);
    const letGo = await hold(story.to, 'SELECT txid_current()');
    await order.ended;
    await letGo();
    return {order, hit: 'stopping'};
  },
  'walsenders that are ended': async (story) => {
    const order = giveOrder(story);
    await at(story, 'stop-writes', order);
    await endWalsenders(story, order);
    await order.ended;
    return {order, hit: 'stop-writes'};
  },
  'killed while it opens the other side': async (story) => {
    const order = giveOrder(story);
    const letGo = await holdOpening(story, order);
    await wait(story.random() * 300);
    await killSupervisor(story);
    await letGo();
    await order.ended;
    return {order, hit: 'opening'};
  },
  'killed while it opens the other side, and a client that begins READ WRITE': async (story) => {
    const order = giveOrder(story);
    const letGo = await holdOpening(story, order);
    await killSupervisor(story);
    const client = story.app.join(story.direction.from, {user: 'app', first: '', begin: 'BEGIN READ WRITE'});
    await wait(500);
    await client.end();
    await letGo();
    await order.ended;
    return {order, hit: 'opening'};
  },
  'a prepared transaction that appears': async (story) => {
    const order = giveOrder(story);
    await at(story, 'stop-writes', order);
    await wait(story.random() * 200);
    const name = `faults-${Math.floor(story.random() * 1e9)}`;
    const made = await story.from
      .sql(
        `SET ROLE app; BEGIN READ WRITE; SET LOCAL lock_timeout = '100ms'; UPDATE public.accounts SET balance = balance + 0 WHERE id = 1; PREPARE TRANSACTION '${name}'`,
      )
      .then(
        () => true,
        () => false,
      );
    await order.ended;
    if (made) await story.from.sql(`${WRITE} COMMIT PREPARED '${name}'`);
    return {order, hit: made ? 'prepared' : 'locked out'};
  },
};

/** Waits until there are no sessions of Longhaul that hold anything of a cutover. */
export async function nothingHeld(server: LabServer): Promise<string[]> {
  const query = `SELECT application_name FROM pg_stat_activity WHERE application_name ~ '^longhaul/rehearsal/(fence|final)'`;
  return eventually(
    'nothing to be held',
    async () => ((await server.sql(query)).length === 0 ? true : null),
    20_000,
  ).then(
    () => [],
    () => ['a session still holds locks or a snapshot of the cutover'],
  );
}

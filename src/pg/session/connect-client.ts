import {Socket} from 'node:net';
import type {ConnectionOptions} from 'node:tls';
import {Client, types} from 'pg';
import {describeConninfo, type Conninfo} from '../../config/conninfo/conninfo.ts';
import {toPg} from '../../config/conninfo/conninfo-pg.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import type {SessionOptions} from './session.ts';
import {traced} from './traced.ts';
import {noAnswer, notPostgres, unreachable} from './unreachable.ts';

/** int8 comes as a number: WAL and table bytes stay below 2^53. Everything else as node-postgres gives it. */
const INT8 = 20;
const TYPES = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the oid is the server's own, the enum only names some of them
    oid === INT8 ? Number : types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text'),
};

/** When a connection has to be there. */
export interface Deadline {
  readonly limitMs: number;
  /** Never below 1: a limit of 0 is none. */
  msLeft(): number;
}

/** `connect_timeout` of the conninfo, from now on; by a clock that nobody sets. Every TLS attempt and all that is asked before the session is used count in. */
export function deadlineOf(conninfo: Conninfo): Deadline {
  const limitMs = toPg(conninfo, {applicationName: ''}).connectionTimeoutMillis;
  const end = performance.now() + limitMs;
  return {limitMs, msLeft: () => Math.max(1, end - performance.now())};
}

/** What a client is made with beside its conninfo. */
export type ClientOptions = Pick<SessionOptions, 'applicationName' | 'trace' | 'signal'> & {
  readonly replication?: 'database';
  /** Of something that connects as its first part; a new one without it. */
  readonly deadline?: Deadline;
};

/**
 * A client that is connected, by the first of the conninfo's TLS attempts that works. Throws `unreachable` where none does, where what listens there is
 * no PostgreSQL, and at the latest when the deadline is over. The caller ends it.
 */
export async function connectClient(role: ServerRole, conninfo: Conninfo, options: ClientOptions): Promise<Client> {
  const {applicationName, trace} = options;
  const {sslAttempts} = toPg(conninfo, {applicationName});
  const deadline = options.deadline ?? deadlineOf(conninfo);
  let failure: unknown;
  for (const ssl of sslAttempts) {
    try {
      return await traced(
        {
          trace,
          server: role,
          application: applicationName,
          sql: () => `connect ${describeConninfo(conninfo)}`,
          event: 'connected',
        },
        async () => attempt(role, conninfo, {...options, ssl, deadline}),
      );
    } catch (error) {
      failure = error;
      // Nobody answers, no PostgreSQL does, or nobody waits: no other kind of connection changes that.
      if (error instanceof LonghaulError || options.signal?.aborted === true) break;
    }
  }
  throw unreachable(role, conninfo, failure);
}

async function attempt(
  role: ServerRole,
  conninfo: Conninfo,
  {
    ssl,
    deadline,
    applicationName,
    replication,
    signal,
  }: ClientOptions & {ssl: false | ConnectionOptions; deadline: Deadline},
): Promise<Client> {
  const {sslAttempts: _, connectionTimeoutMillis: __, ...config} = toPg(conninfo, {applicationName});
  const socket = new Socket();
  const stream = {stream: () => socket, ...(replication === undefined ? {} : {replication})};
  const client = new Client({...config, ssl, types: TYPES, ...stream});
  client.on('error', () => undefined);
  let isOpen = false;
  let why: Error | null = null;
  const giveUp = (error: Error): void => {
    why ??= error;
    socket.destroy(error);
  };
  socket.once('connect', () => (isOpen = true));
  const isAsked = ssl !== false && config.sslnegotiation !== 'direct';
  if (ssl === false || isAsked)
    socket.once('data', (answer) => {
      if (!isFirstOfPostgres(answer, isAsked)) giveUp(notPostgres(role, conninfo, answer));
    });
  const late = setTimeout(
    () => giveUp(noAnswer(role, conninfo, {isOpen, limitMs: deadline.limitMs})),
    deadline.msLeft(),
  );
  const stop = (): void => giveUp(new Error('it is not wanted any more'));
  signal?.addEventListener('abort', stop, {once: true});
  if (signal?.aborted === true) stop();
  try {
    await client.connect();
    client.removeAllListeners('error');
    return client;
  } catch (error) {
    cutClient(client);
    throw why ?? error;
  } finally {
    clearTimeout(late);
    signal?.removeEventListener('abort', stop);
  }
}

/** How long a server may take to hear a goodbye. One that is cut off from the network never does, and the kernel would try for a quarter of an hour. */
const GOODBYE_MS = 2000;

/** Says goodbye, and waits for it no longer than two seconds. */
export async function closeClient(client: Client): Promise<void> {
  const late = setTimeout(() => cutClient(client), GOODBYE_MS);
  await client.end().catch(() => undefined);
  clearTimeout(late);
}

/** Drops the connection without a word: what listens there may never hear one, and would keep this process waiting. */
export function cutClient(client: Client): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its types do not tell
  (client as unknown as {readonly connection: {readonly stream: {destroy(): void}}}).connection.stream.destroy();
}

/** The first byte of a server's first message: authentication, an error, a notice, or another version of the protocol. */
const FIRST_BYTES = 'RENv';

/** Longer than any message before the login is over; four bytes of another protocol's text, read as a length, are far above. */
const LONGEST = 30_000;

/**
 * Whether what a server says first may be PostgreSQL's: to the question for TLS one letter or an error, otherwise a message with a length. Everybody else
 * who listens on a port (`SSH-2.0-…`, `HTTP/1.1 400`, MySQL's greeting) is told by that at once, where waiting for the rest of a message would last for
 * ever. Pure. Source: https://www.postgresql.org/docs/current/protocol-flow.html
 */
export function isFirstOfPostgres(answer: Buffer, isAskedForTls: boolean): boolean {
  const first = String.fromCodePoint(answer[0] ?? 0);
  if (isAskedForTls && (first === 'S' || first === 'N')) return answer.length === 1;
  if (!(isAskedForTls ? 'E' : FIRST_BYTES).includes(first)) return false;
  // An error to the question for TLS may be in the old form, without a length.
  if (isAskedForTls || answer.length < 5) return true;
  const length = answer.readInt32BE(1);
  return length >= 4 && length <= LONGEST;
}

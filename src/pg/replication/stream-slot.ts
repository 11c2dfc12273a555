import type {Client} from 'pg';
import type {Conninfo} from '../../config/conninfo/conninfo.ts';
import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import {lsnAddress, type Lsn} from '../../domain/pg/lsn.ts';
import {connectClient, cutClient} from '../session/connect-client.ts';

/** Which slot is streamed, from where, and what its output plugin is told. */
export interface StreamOptions {
  readonly slot: string;
  /** The first commit whose record starts at or after it; `0/0` for where the slot is. */
  readonly start: Lsn;
  /** `{proto_format: 'json', …}`. */
  readonly plugin: Readonly<Record<string, string>>;
  readonly applicationName: string;
}

/** What the output plugin of a slot writes, message by message. */
export interface SlotStream {
  /** The next message; rejects once the stream is lost or closed. */
  next(): Promise<string>;
  /** All before this position is on the reader's disk: the slot moves on. */
  confirm(lsn: Lsn): void;
  close(): void;
}

/** Beyond so many messages nothing more is read from the socket, so that a reader that is slow does not fill the memory. */
const AHEAD = 2000;
/** Well below wal_sender_timeout, which ends a reader that says nothing. */
const TELL_MS = 2000;

/** What of node-postgres's connection its types do not tell. */
interface Wire {
  readonly stream: {pause(): void; resume(): void};
  once(event: 'replicationStart', heard: () => void): void;
  on(event: 'copyData', heard: (message: {readonly chunk: Buffer}) => void): void;
  sendCopyFromChunk(chunk: Buffer): void;
}

/**
 * Streams a logical slot by START_REPLICATION and tells the server every two seconds how far the reader is. Only the lab's stand-in for DMS reads so:
 * Longhaul itself never reads a slot. Rejects where the server refuses, as it does while somebody else reads the slot.
 * Source: https://www.postgresql.org/docs/current/protocol-replication.html
 */
export async function streamSlot(conninfo: Conninfo, options: StreamOptions): Promise<SlotStream> {
  const {applicationName, slot, start, plugin} = options;
  const client = await connectClient('source', conninfo, {applicationName, replication: 'database'});
  const words = Object.entries(plugin).map(([key, value]) => `${quoteIdentifier(key)} ${quoteLiteral(value).trim()}`);
  const stream = makeStream(client);
  try {
    await stream.begin(`START_REPLICATION SLOT ${quoteIdentifier(slot)} LOGICAL ${start} (${words.join(', ')})`);
  } catch (error) {
    cutClient(client);
    throw error;
  }
  return stream;
}

function makeStream(client: Client): SlotStream & {begin(command: string): Promise<void>} {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its types do not tell
  const wire = (client as unknown as {readonly connection: Wire}).connection;
  const queue = makeQueue(wire);
  let confirmed = 0n;
  const tell = (): void => wire.sendCopyFromChunk(statusUpdate(confirmed));
  let beat: NodeJS.Timeout | undefined;
  const end = (error: Error): void => {
    clearInterval(beat);
    queue.fail(error);
  };
  client.on('error', end);
  client.on('end', () => end(new Error('the source has ended the stream')));
  return {
    begin: async (command) =>
      new Promise((resolve, reject) => {
        wire.once('replicationStart', () => {
          beat = setInterval(tell, TELL_MS);
          resolve();
        });
        wire.on('copyData', ({chunk}) => {
          const kind = String.fromCodePoint(chunk[0] ?? 0);
          if (kind === 'w') queue.push(chunk.toString('utf8', 25));
          else if (kind === 'k' && chunk[17] === 1) tell();
        });
        client.query(command).then(
          () => end(new Error('the source has ended the stream')),
          (error: unknown) => {
            const cause = error instanceof Error ? error : new Error(String(error));
            end(cause);
            reject(cause);
          },
        );
      }),
    next: async () => queue.take(),
    confirm: (lsn) => {
      confirmed = lsnAddress(lsn);
    },
    close: () => {
      end(new Error('the stream was closed'));
      cutClient(client);
    },
  };
}

/** Standby status update: written, flushed and applied up to a position; the clock, which nobody goes by, is left out, and no answer is asked for. */
function statusUpdate(confirmed: bigint): Buffer {
  const message = Buffer.alloc(34);
  message.write('r');
  for (const at of [1, 9, 17]) message.writeBigUInt64BE(confirmed, at);
  return message;
}

interface Queue {
  push(message: string): void;
  take(): Promise<string>;
  fail(error: Error): void;
}

function makeQueue({stream}: Pick<Wire, 'stream'>): Queue {
  let messages: string[] = [];
  let from = 0;
  let failure: Error | null = null;
  let waiting: {readonly resolve: (message: string) => void; readonly reject: (error: Error) => void} | null = null;
  return {
    push: (message) => {
      if (waiting !== null) {
        waiting.resolve(message);
        waiting = null;
        return;
      }
      messages.push(message);
      if (messages.length - from === AHEAD) stream.pause();
    },
    take: async () =>
      new Promise((resolve, reject) => {
        const message = messages[from];
        if (message === undefined) {
          if (failure !== null) reject(failure);
          else waiting = {resolve, reject};
          return;
        }
        from += 1;
        if (from < messages.length) {
          resolve(message);
          return;
        }
        messages = [];
        from = 0;
        stream.resume();
        resolve(message);
      }),
    fail: (error) => {
      failure ??= error;
      waiting?.reject(failure);
      waiting = null;
    },
  };
}

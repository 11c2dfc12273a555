import {chmod, rm} from 'node:fs/promises';
import {createServer, type Server, type Socket} from 'node:net';
import type {Command, Planned, Reply} from '../../domain/run/command.ts';
import type {Trace} from '../../domain/base/trace.ts';
import {describeMessage} from './describe-message.ts';
import {lineCutter} from './lines.ts';
import type {UnitLogPiece} from '../../domain/run/log-piece.ts';
import {clientMessage, PROTOCOL, type ClientMessage, type ServerMessage} from './protocol.ts';

/** What the supervisor answers with. */
export interface WireHost {
  hello(): ServerMessage;
  /** State, last events and newest readings, taken in one go, so that what follows continues it. */
  snapshot(): ServerMessage;
  command(command: Command, who: string): Promise<Reply>;
  /** What the command would do; changes nothing. */
  plan(command: Command): Promise<Planned>;
  /** Null where the unit was not started yet. */
  readLog(unit: string, from: number): Promise<UnitLogPiece | null>;
  /** Hears of every message but beats. */
  readonly trace?: Trace;
}

/** The supervisor's end of the socket. */
export interface WireServer {
  /** Sends to every attached client. One that does not read is cut off, so that it holds nobody up. */
  broadcast(message: ServerMessage): void;
  close(): Promise<void>;
}

/** A client may be this far behind its snapshot before it is cut off; it can attach again and gets another. */
const FURTHEST_BEHIND = 8 * 1024 * 1024;
/** A client takes a supervisor that says nothing for five of these for one that hangs. */
const BEAT_MS = 2000;
/** How long a client may take to read what was said before the supervisor ended. */
const LEAVE_MS = 1000;
/** Longer than any question: a peer that sends this much without a newline is not one of ours. */
const LONGEST_QUESTION = 1024 * 1024;

/**
 * Listens on the run's socket, readable for this user only (the folder is 0700 and the process has umask 077).
 * Whoever calls holds the run's lock, so a socket file that is there belongs to a dead supervisor.
 */
export async function startWireServer(path: string, host: WireHost): Promise<WireServer> {
  await rm(path, {force: true});
  const attached: Attached = new Map();
  const connected = new Set<Socket>();
  const server = createServer((socket) => {
    connected.add(socket);
    socket.on('close', () => connected.delete(socket));
    serve(socket, host, attached);
  });
  await listen(server, path);
  await chmod(path, 0o600);
  const broadcast = (message: ServerMessage): void => {
    const line = encode(host, message);
    for (const [socket, behind] of attached) push(socket, line, behind);
  };
  const beating = setInterval(() => broadcast({type: 'beat'}), BEAT_MS);
  return {
    broadcast,
    close: async () => {
      clearInterval(beating);
      for (const socket of connected) socket.destroySoon();
      // Whoever does not read what is left for it, or has nothing to say, keeps nobody from an end.
      const late = setTimeout(() => connected.forEach((socket) => socket.destroy()), LEAVE_MS);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      clearTimeout(late);
    },
  };
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Who hears everything, and how many bytes each may be behind. */
type Attached = Map<Socket, number>;

interface Peer {
  readonly socket: Socket;
  readonly host: WireHost;
  readonly attached: Attached;
  /** Who it says it is, once attached. */
  who: string | null;
  readOnly: boolean;
}

function serve(socket: Socket, host: WireHost, attached: Attached): void {
  const peer: Peer = {socket, host, attached, who: null, readOnly: true};
  const cutter = lineCutter(LONGEST_QUESTION);
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('close', () => attached.delete(socket));
  socket.on('data', (chunk) => {
    try {
      for (const line of cutter.feed(String(chunk))) {
        // Whoever was refused is heard no further, whatever came behind it.
        if (socket.writableEnded) return;
        receive(peer, line);
      }
    } catch (error) {
      refuse(peer, error instanceof Error ? error.message : String(error), OTHER_VERSION);
    }
  });
}

function receive(peer: Peer, line: string): void {
  const message: unknown = JSON.parse(line);
  // Before anything else of another version's message is read.
  const version = versionIn(message);
  if (version !== null && version !== PROTOCOL) {
    refuse(peer, `the supervisor speaks protocol ${PROTOCOL}, this client ${version}`, OTHER_VERSION);
    return;
  }
  const parsed = clientMessage.safeParse(message);
  if (!parsed.success) {
    const why = parsed.error.issues[0]?.message ?? 'no reason';
    refuse(peer, `the message was not understood: ${why}`, OTHER_VERSION);
    return;
  }
  peer.host.trace?.(describeMessage('in', parsed.data, Buffer.byteLength(line)));
  // Answers come in their own time; a failure among them is a bug that the client shall see.
  answer(peer, parsed.data).catch((error: unknown) => refuse(peer, String(error), 'see supervisor.log'));
}

const OTHER_VERSION = `use the longhaul that started the supervisor; or end that one, kill ${process.pid}: the lanes go on, and longhaul run starts one of this version`;

function versionIn(message: unknown): number | null {
  if (typeof message !== 'object' || message === null || !('protocol' in message)) return null;
  return typeof message.protocol === 'number' ? message.protocol : null;
}

async function answer(peer: Peer, message: ClientMessage): Promise<void> {
  if (message.type === 'attach') return attach(peer, message);
  if (peer.who === null) return refuse(peer, 'the first message must be attach', OTHER_VERSION);
  if (message.type === 'read-log') {
    const piece = await peer.host.readLog(message.unit, message.from);
    return push(peer.socket, encode(peer.host, {type: 'log', id: message.id, unit: message.unit, piece}));
  }
  if (message.type === 'plan') {
    const planned = await peer.host.plan(message.command);
    return push(peer.socket, encode(peer.host, {type: 'planned', id: message.id, planned}));
  }
  const reply = peer.readOnly
    ? {ok: false as const, message: 'this client is attached read-only', remedy: 'attach without --read-only'}
    : await peer.host.command(message.command, peer.who);
  push(peer.socket, encode(peer.host, {type: 'reply', id: message.id, reply}));
}

function attach(peer: Peer, message: Extract<ClientMessage, {type: 'attach'}>): void {
  peer.who = message.who;
  peer.readOnly = message.readOnly;
  push(peer.socket, encode(peer.host, peer.host.hello()));
  const snapshot = encode(peer.host, peer.host.snapshot());
  push(peer.socket, snapshot);
  // A run of many tables has a snapshot of many megabytes, which takes its time.
  peer.attached.set(peer.socket, FURTHEST_BEHIND + Buffer.byteLength(snapshot));
}

function push(socket: Socket, line: string, behind = Infinity): void {
  if (socket.destroyed || !socket.writable) return;
  if (socket.writableLength > behind) socket.destroy();
  else socket.write(line);
}

function refuse({socket, host}: Peer, message: string, remedy: string): void {
  push(socket, encode(host, {type: 'refused', message, remedy}));
  socket.destroySoon();
}

function encode({trace}: Pick<WireHost, 'trace'>, message: ServerMessage): string {
  const line = `${JSON.stringify(message)}\n`;
  if (message.type !== 'beat') trace?.(describeMessage('out', message, Buffer.byteLength(line)));
  return line;
}

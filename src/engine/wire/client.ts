import {connect, type Socket} from 'node:net';
import type {Command, Reply} from '../../domain/command.ts';
import {lineCutter} from './lines.ts';
import {PROTOCOL, type ClientMessage, type ServerMessage} from './protocol.ts';

/** What a client hears: the supervisor's messages, and the connection's own coming and going. `at` is the jump box's clock, ISO 8601. */
export type ClientEvent =
  | ServerMessage
  | {readonly type: 'connected'; readonly at: string}
  | {readonly type: 'lost'; readonly at: string; readonly why: string};

/** A piece of a log: `text` from byte `from`; `end` is the log's length. */
export interface LogPiece {
  readonly from: number;
  readonly text: string;
  readonly end: number;
}

/** A connection to the supervisor that comes back by itself. */
export interface WireClient {
  /** Hears everything from now on; gives the function that ends it. */
  on(listener: (event: ClientEvent) => void): () => void;
  /** Resolves with the supervisor's answer; `ok: false` when there is no connection. */
  send(command: Command): Promise<Reply>;
  /** A piece of a unit's log, at most 64 kB from byte `from` (negative: that many bytes before its end); null without a connection. */
  readLog(unit: string, from: number): Promise<LogPiece | null>;
  close(): void;
}

/** Who attaches, and to which socket. */
export interface ClientOptions {
  readonly path: string;
  /** `ana@jump1 (console)`: stands in the journal beside what is asked. */
  readonly who: string;
  readonly readOnly: boolean;
  readonly now: () => number;
}

const RECONNECT_MS = 500;
const NO_CONNECTION: Reply = {
  ok: false,
  message: 'there is no connection to the supervisor',
  remedy: 'longhaul run starts one; the lanes go on without it',
};

type Waiting = {settle(message: ServerMessage | null): void};

/** Connects to the run's socket, at once and again whenever the connection is lost. Never throws: listeners hear `lost`. */
export function createWireClient(options: ClientOptions): WireClient {
  const listeners = new Set<(event: ClientEvent) => void>();
  const waiting = new Map<number, Waiting>();
  let socket: Socket | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  let lastId = 0;

  const tell = (event: ClientEvent) => {
    for (const listener of listeners) listener(event);
  };
  const at = () => new Date(options.now()).toISOString();

  function receive(line: string): void {
    const message: ServerMessage = JSON.parse(line);
    if (message.type === 'reply' || message.type === 'log') {
      waiting.get(message.id)?.settle(message);
      waiting.delete(message.id);
    } else tell(message);
  }

  function open(): void {
    const cutter = lineCutter();
    const fresh = connect(options.path);
    let why = 'the supervisor closed the connection';
    fresh.setEncoding('utf8');
    fresh.on('connect', () => {
      socket = fresh;
      write(fresh, {type: 'attach', protocol: PROTOCOL, who: options.who, readOnly: options.readOnly});
      tell({type: 'connected', at: at()});
    });
    fresh.on('data', (chunk) => {
      for (const line of cutter.feed(String(chunk))) receive(line);
    });
    fresh.on('error', (error) => (why = error.message));
    fresh.on('close', () => {
      socket = null;
      for (const one of waiting.values()) one.settle(null);
      waiting.clear();
      if (closed) return;
      tell({type: 'lost', at: at(), why});
      timer = setTimeout(open, RECONNECT_MS);
    });
  }

  async function ask(message: (id: number) => ClientMessage): Promise<ServerMessage | null> {
    if (socket === null) return null;
    lastId += 1;
    const id = lastId;
    const answer = new Promise<ServerMessage | null>((settle) => waiting.set(id, {settle}));
    write(socket, message(id));
    return answer;
  }

  open();
  return {
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send: async (command) => {
      const answer = await ask((id) => ({type: 'command', id, command}));
      return answer?.type === 'reply' ? answer.reply : NO_CONNECTION;
    },
    readLog: async (unit, from) => {
      const answer = await ask((id) => ({type: 'read-log', id, unit, from}));
      return answer?.type === 'log' ? {from: answer.from, text: answer.text, end: answer.end} : null;
    },
    close: () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      socket?.destroy();
    },
  };
}

function write(socket: Socket, message: ClientMessage): void {
  socket.write(`${JSON.stringify(message)}\n`);
}

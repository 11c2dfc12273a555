import {isoTime} from '../../domain/base/iso-time.ts';
import {connect, type Socket} from 'node:net';
import type {Command, Planned, Reply} from '../../domain/run/command.ts';
import {lineCutter} from './lines.ts';
import type {UnitLogPiece} from '../../domain/run/log-piece.ts';
import {PROTOCOL, type ClientMessage, type ServerMessage} from './protocol.ts';

/** What a client hears: the supervisor's messages, and the connection's own coming and going. `at` is the jump box's clock, ISO 8601. */
export type ClientEvent =
  | ServerMessage
  | {readonly type: 'connected'; readonly at: string}
  | {readonly type: 'lost'; readonly at: string; readonly why: string; readonly remedy: string};

/** A connection to the supervisor that comes back by itself. */
export interface WireClient {
  /** Hears everything from now on; gives the function that ends it. */
  on(listener: (event: ClientEvent) => void): () => void;
  /** Resolves with the supervisor's answer; `ok: false` when there is no connection. */
  send(command: Command): Promise<Reply>;
  /** Resolves with what the command would do now; it is not sent. */
  plan(command: Command): Promise<Planned>;
  /**
   * A piece of a unit's log, at most 64 kB from byte `from` (negative: that many bytes before its end); `not started` before its first
   * attempt, `no connection` where nobody answers.
   */
  readLog(unit: string, from: number): Promise<UnitLogPiece | 'not started' | 'no connection'>;
  close(): void;
}

/** Who attaches, and to which socket. */
export interface ClientOptions {
  readonly path: string;
  /** `ana@jump1 (console)`: is in the journal beside what is asked. */
  readonly who: string;
  readonly readOnly: boolean;
  readonly now: () => number;
}

/** A snapshot names every table of the run, a hundred bytes for each: more than a hundred thousand of them. */
const LONGEST_ANSWER = 32 * 1024 * 1024;
const RECONNECT_MS = 500;
/** A supervisor of another version refuses again. */
const AFTER_REFUSAL_MS = 5_000;
/** A supervisor says hello at once, and something every two seconds; one that hangs, or was stopped, keeps its connections all the same. */
const SILENCE_MS = 10_000;
/** Longer than a command's statements on a server may take. */
const ANSWER_MS = 60_000;
const HANGS = 'longhaul status names its pid: kill -9 it, the lanes go on, and longhaul run starts another';
const NO_CONNECTION: Reply = {
  ok: false,
  message: 'there is no connection to the supervisor',
  remedy: 'longhaul run starts one; the lanes go on without it',
};
const OTHER_VERSION =
  'use the longhaul that started the supervisor, or end that one: the lanes go on, and longhaul run starts another';
const STARTS_ANOTHER = 'longhaul run, in another window, starts a supervisor';
const NO_ANSWER: Reply = {ok: false, message: 'the supervisor does not answer', remedy: HANGS};

/** Whether an answer of `send` is this end's own word that none came: the command was heard by nobody, or by one that hangs. */
export function isUnanswered(reply: Reply): boolean {
  return reply === NO_CONNECTION || reply === NO_ANSWER;
}

type Answer = ServerMessage | 'no connection' | 'no answer';

/** Questions that wait for their answers, by the number that comes back with each. */
function createMailbox() {
  const waiting = new Map<number, (message: Answer) => void>();
  let lastId = 0;
  return {
    ask: async (post: (id: number) => void): Promise<Answer> => {
      lastId += 1;
      const id = lastId;
      const answer = new Promise<Answer>((settle) => waiting.set(id, settle));
      const late = setTimeout(() => waiting.get(id)?.('no answer'), ANSWER_MS);
      post(id);
      return answer.finally(() => {
        clearTimeout(late);
        waiting.delete(id);
      });
    },
    answer: (id: number, message: ServerMessage): void => {
      waiting.get(id)?.(message);
    },
    giveUp: (): void => {
      for (const settle of waiting.values()) settle('no connection');
    },
  };
}

/** Connects to the run's socket, at once and again whenever the connection is lost. Never throws: listeners hear `lost`. */
export function createWireClient(options: ClientOptions): WireClient {
  const listeners = new Set<(event: ClientEvent) => void>();
  const mailbox = createMailbox();
  let socket: Socket | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  let refusal: Reply | null = null;
  let silenced = false;
  let heardMs: number | null = null;

  const tell = (event: ClientEvent): void => listeners.forEach((listener) => listener(event));
  function receive(message: ServerMessage): void {
    heardMs = options.now();
    silenced = false;
    if (message.type === 'hello') refusal = null;
    if (message.type === 'refused') refusal = {ok: false, message: message.message, remedy: message.remedy};
    if ('id' in message) mailbox.answer(message.id, message);
    else tell(message);
  }

  function open(): void {
    openSocket(options.path, {
      connected: (fresh) => {
        socket = fresh;
        write(fresh, {type: 'attach', protocol: PROTOCOL, who: options.who, readOnly: options.readOnly});
        tell({type: 'connected', at: isoTime(options.now())});
      },
      message: receive,
      closed: ({why, remedy, hung}) => {
        socket = null;
        mailbox.giveUp();
        if (closed) return;
        silenced = hung;
        // What was heard last is as old as it is, however late the silence was noticed.
        tell({type: 'lost', at: isoTime(heardMs ?? options.now()), why, remedy});
        timer = setTimeout(open, refusal === null ? RECONNECT_MS : AFTER_REFUSAL_MS);
      },
    });
  }

  async function ask(message: (id: number) => ClientMessage): Promise<Answer> {
    const to = socket;
    return to === null ? 'no connection' : mailbox.ask((id) => write(to, message(id)));
  }

  open();
  return {
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send: async (command) => {
      const answer = await ask((id) => ({type: 'command', id, command}));
      return replyIn(answer === 'no connection' && silenced ? 'no answer' : answer, refusal);
    },
    plan: async (command) => planIn(await ask((id) => ({type: 'plan', id, command})), refusal),
    readLog: async (unit, from) => pieceIn(await ask((id) => ({type: 'read-log', id, unit, from}))),
    close: () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      socket?.destroy();
    },
  };
}

function replyIn(answer: Answer, refusal: Reply | null): Reply {
  if (typeof answer === 'object' && answer.type === 'reply') return answer.reply;
  return refusal ?? (answer === 'no answer' ? NO_ANSWER : NO_CONNECTION);
}

function planIn(answer: Answer, refusal: Reply | null): Planned {
  if (typeof answer === 'object' && answer.type === 'planned') return answer.planned;
  return {ok: false, why: replyIn(answer, refusal).message};
}

function pieceIn(answer: Answer): UnitLogPiece | 'not started' | 'no connection' {
  if (typeof answer !== 'object' || answer.type !== 'log') return 'no connection';
  return answer.piece ?? 'not started';
}

/** How a connection ended. */
interface End {
  readonly why: string;
  readonly remedy: string;
  /** Whether nothing was heard for so long that the supervisor is taken for one that hangs. */
  readonly hung: boolean;
}

/** What is heard of one connection: that it is open, each message, and once that it is gone, why, and what to do. */
interface SocketHooks {
  readonly connected: (socket: Socket) => void;
  readonly message: (message: ServerMessage) => void;
  readonly closed: (end: End) => void;
}

function openSocket(path: string, hooks: SocketHooks): void {
  const cutter = lineCutter(LONGEST_ANSWER);
  const socket = connect(path);
  let end: End = {why: 'the supervisor closed the connection', remedy: STARTS_ANOTHER, hung: false};
  let heard = false;
  const silent = setTimeout(() => {
    heard = false;
    // Whoever read a pager has not read the socket: what came meanwhile is read before anything is said of the supervisor.
    setImmediate(() => {
      if (heard) silent.refresh();
      else {
        end = {why: NO_ANSWER.message, remedy: HANGS, hung: true};
        socket.destroy();
      }
    });
  }, SILENCE_MS);
  socket.setEncoding('utf8');
  socket.on('connect', () => hooks.connected(socket));
  socket.on('data', (chunk) => {
    heard = true;
    silent.refresh();
    const messages = messagesIn(() => cutter.feed(String(chunk)));
    if (messages instanceof Error) {
      end = {why: `what the supervisor says cannot be read: ${messages.message}`, remedy: OTHER_VERSION, hung: false};
      socket.destroy();
    } else for (const message of messages) hooks.message(message);
  });
  socket.on('error', (error) => (end = {...end, why: error.message}));
  socket.on('close', () => {
    clearTimeout(silent);
    hooks.closed(end);
  });
}

/** The messages in what has come; an error where it is none of ours. */
function messagesIn(lines: () => readonly string[]): ServerMessage[] | Error {
  try {
    return lines().map((line): ServerMessage => JSON.parse(line));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function write(socket: Socket, message: ClientMessage): void {
  socket.write(`${JSON.stringify(message)}\n`);
}

import {healsWithTime} from '../../../pg/session/sqlstate.ts';

/** An error of psql under VERBOSITY=verbose: `psql:<stdin>:31: ERROR:  23505: duplicate key …`. */
export interface ToolError {
  /** Null where the tool lost its connection or never had one. */
  readonly sqlstate: string | null;
  /** The server's or the tool's words, with DETAIL and CONTEXT left out. */
  readonly message: string;
  /** What the CONTEXT line names: `COPY events, line 3`; null without one. */
  readonly context: string | null;
  /** Whether the same may go well later without anybody doing anything. */
  readonly heals: boolean;
  /** There where it says no more than that the data ended before their end. */
  readonly cutOff?: true;
}

const SERVER_ERROR = /(?:ERROR|FATAL|PANIC): {2}([0-9A-Z]{5}): (.*)/;
const CONTEXT = /^CONTEXT: {2}(COPY .*?, line \d+)/m;

/**
 * What libpq says of a server or a network that is away. It has no SQLSTATE for these, nor does pg_dump ever tell one, and the tools run
 * under LC_ALL=C.UTF-8. A password that is refused, a database that is not there, a version that does not fit are not among them: these
 * stay as they are until somebody mends them.
 * Source: src/interfaces/libpq/fe-connect.c, fe-misc.c, src/backend/postmaster/postmaster.c
 */
const AWAY = new RegExp(
  [
    'Connection refused',
    'Connection reset by peer',
    'Connection timed out',
    'timeout expired',
    'Network is unreachable',
    'No route to host',
    'could not translate host name',
    'could not receive data from server',
    'could not send data to server',
    'server closed the connection',
    'connection to server was lost',
    'connection not open',
    'SSL SYSCALL error',
    'SSL connection has been closed',
    'the database system is (?:starting up|shutting down|in recovery mode|not accepting connections|not yet accepting connections)',
    'terminating connection',
    'sorry, too many clients already',
    'too many connections for (?:role|database) ',
    'remaining connection slots are reserved',
    'No such file or directory\\s+Is the server running',
  ].join('|'),
);

/** The first error in psql's standard error; null when it said none. */
export function parsePsqlError(text: string): ToolError | null {
  const server = SERVER_ERROR.exec(text);
  if (server !== null) {
    const sqlstate = server[1] ?? null;
    return {
      sqlstate,
      message: server[2] ?? '',
      context: CONTEXT.exec(text)?.[1] ?? null,
      heals: healsWithTime(sqlstate),
    };
  }
  // What it says of a connection that was lost bears no name.
  const isOwn = (line: string): boolean =>
    AWAY.test(line) || /^psql:.*(error|could not|failed|lost|closed|invalid)/i.test(line);
  const own = text.split('\n').find(isOwn);
  if (own === undefined) return null;
  const message = own.replace(/^(?:psql:(?:<stdin>:\d+:)? ?(?:error: )?|WARNING: {2}[0-9A-Z]{5}: )/, '');
  return {sqlstate: null, message, context: null, heals: AWAY.test(text)};
}

/** What psql says that cannot connect, or loses its connection; `heals` is false for what a server refuses again. */
export function parseConnectionError(text: string): {readonly heals: boolean} {
  return {heals: AWAY.test(text)};
}

/** What pg_dump says when it dies; it never tells the SQLSTATE. */
export interface DumpError {
  readonly message: string;
  /** The reader of the pipe was gone: the failure is psql's. */
  readonly brokenPipe: boolean;
  /** Whether the server or the network was away; what a server refuses it refuses again. */
  readonly heals: boolean;
}

/** The error in pg_dump's standard error; null when it said none. */
export function parseDumpError(text: string): DumpError | null {
  const lines = text.split('\n').filter((line) => /^pg_dump: (?:error|fatal|detail)|^pg_dump: \[.*\]/.test(line));
  const first = lines[0];
  if (first === undefined) return null;
  const said = lines.find((line) => /(ERROR|FATAL): /.test(line)) ?? first;
  return {
    message: said.replace(/^pg_dump: (?:error: )?(?:detail: )?/, ''),
    brokenPipe: /Broken pipe|could not write/.test(text),
    heals: AWAY.test(text),
  };
}

import {LonghaulError, type LonghaulErrorOptions} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import {SQLSTATE, sqlStateOf} from './sqlstate.ts';
import {renderStatement, type Statement} from './statement.ts';

const SHOWN = 300;

/** A failure that a server has told, or that a server which cannot be reached has caused. */
export class ServerFailure extends LonghaulError {
  readonly server: ServerRole;

  constructor(server: ServerRole, options: LonghaulErrorOptions) {
    super(options);
    this.server = server;
  }
}

/** A lost connection (class 08), a server that ends, starts or has ended a session (57P01 to 57P03), one that has no place for another (53300). */
const AWAY = /^(?:08...|57P0[123]|53300)$/;

/**
 * The server that this failure says is away, and may be back without anybody doing anything: no connection, one that was lost, no answer in time. Null for all else,
 * a password that is refused among it. Pure.
 */
export function serverAway(failure: unknown): ServerRole | null {
  if (!(failure instanceof ServerFailure)) return null;
  const state = sqlStateOf(failure);
  return state === null || AWAY.test(state) ? failure.server : null;
}

/** A statement's failure for the operator: which server, its own words, the SQLSTATE, the statement, and what to do. The server's error stays the cause. */
export function serverError(role: ServerRole, statement: Statement, cause: unknown): ServerFailure {
  const state = sqlStateOf(cause);
  const words = inPlainWords(cause instanceof Error ? cause.message : String(cause));
  const text = renderStatement(statement).replaceAll(/\s+/g, ' ').trim();
  const shown = printable(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
  return new ServerFailure(role, {
    code: state === null ? 'unreachable' : 'failed',
    message: `${role}: ${printable(words)}${state === null ? '' : ` (SQLSTATE ${state})`}${IN}${shown}`,
    remedy: remedyFor(role, state),
    cause,
  });
}

/** The failure of who finds its connection gone before it has a statement to run. */
export function lostSession(role: ServerRole): ServerFailure {
  return new ServerFailure(role, {
    code: 'unreachable',
    message: `${role}: ${CONNECTION_LOST}`,
    remedy: remedyFor(role, null),
  });
}

const CONNECTION_LOST = 'the connection to it was lost';

/** What node-postgres says of a connection that has ended under a statement, or before it. */
const LOST = /^Connection terminated|is not queryable$/;

function inPlainWords(words: string): string {
  return LOST.test(words) ? CONNECTION_LOST : words;
}

/** What stands between a server's words and the statement. */
const IN = ', in: ';

/** The same words for whoever has no use for the statement. Pure. */
export function withoutStatement(message: string): string {
  return message.split(IN)[0] ?? message;
}

function remedyFor(role: ServerRole, state: string | null): string {
  switch (state) {
    case null:
      return `see whether the ${role} is up and reachable from here; then run the same command again`;
    case SQLSTATE.insufficientPrivilege:
      return `grant Longhaul's role on the ${role} what the message names (README, "Rights"); then run again`;
    case SQLSTATE.queryCanceled:
      return 'the time-out ended it and nothing was changed; raise timeouts.statement in longhaul.yaml, or find what blocks it in pg_stat_activity';
    case SQLSTATE.lockNotAvailable:
      return 'somebody holds a lock on it: see pg_locks and pg_stat_activity for who, wait or end them, then run again';
    case SQLSTATE.diskFull:
      return `make room on the ${role}'s disk, then run again`;
    default:
      return "see the server's message; when it is mended, run the same command again: what is done is recognised";
  }
}

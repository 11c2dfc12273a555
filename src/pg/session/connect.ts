import type {Client, QueryConfig, QueryResultRow} from 'pg';
import type {Conninfo} from '../../config/conninfo/conninfo.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {closeClient, connectClient, cutClient, deadlineOf, type Deadline} from './connect-client.ts';
import {serverError} from './server-error.ts';
import type {Limits, Session, SessionOptions} from './session.ts';
import {sqlStateOf} from './sqlstate.ts';
import {renderStatement, type Statement} from './statement.ts';
import {traced} from './traced.ts';
import {noAnswer, unreachable} from './unreachable.ts';
import {pick} from './versions.ts';

/** node-postgres knows query_timeout per query; its types do not. */
interface TimedQuery extends QueryConfig<unknown[]> {
  readonly query_timeout?: number;
}

/** The server's own limit comes first; this much later the client gives up on a server that does not answer at all. */
const GRACE_MS = 5000;

/** Connects to a server. Throws `unreachable`, with what was tried, when it cannot be reached or refuses. */
export async function connect(role: ServerRole, conninfo: Conninfo, options: SessionOptions): Promise<Session> {
  const deadline = deadlineOf(conninfo);
  const client = await connectClient(role, conninfo, {...options, deadline});
  // Without a listener a connection lost between two statements would end the process; the session notices at its next use.
  let lost = false;
  client.on('error', () => (lost = true));
  client.on('end', () => (lost = true));
  try {
    const version = await prepareSession(client, role, {options, deadline});
    return makeSession({role, client, version, options, isLost: () => lost});
  } catch (error) {
    cutClient(client);
    throw deadline.msLeft() <= 1
      ? noAnswer(role, conninfo, {isOpen: true, limitMs: deadline.limitMs})
      : unreachable(role, conninfo, error);
  }
}

async function prepareSession(
  client: Client,
  role: ServerRole,
  {options, deadline}: {readonly options: SessionOptions; readonly deadline: Deadline},
): Promise<ServerVersion> {
  // A server may stop answering between any two of these.
  const ask = async <Row extends QueryResultRow>(text: string): Promise<Row[]> => {
    const question: TimedQuery = {text, query_timeout: deadline.msLeft()};
    return traced(
      {trace: options.trace, server: role, application: options.applicationName, sql: () => text},
      async () => (await client.query<Row>(question)).rows,
    );
  };
  // Needs no snapshot: a standby gives none where sessions begin serializable.
  const [row] = await ask<{server_version_num: string}>('SHOW server_version_num');
  if (row === undefined) throw new Error('bug: the server did not tell its version');
  const version = Number(row.server_version_num);
  // What the journal says is done must outlive a crash of the server; no standby is waited for that nobody else waits for.
  const [commits] = role === 'replica' ? [] : await ask<{synchronous_commit: string}>('SHOW synchronous_commit');
  const forgets = commits?.synchronous_commit === 'off';
  await ask(
    `SET search_path = ''; SET statement_timeout = ${options.statementTimeoutMs}; SET lock_timeout = ${options.lockTimeoutMs};` +
      // What the server prints, definitions of indexes among it, is compared with another's: a database may have set how.
      ` SET quote_all_identifiers = off; SET bytea_output = 'hex'; SET intervalstyle = 'postgres'; SET xmloption = 'content'; SET standard_conforming_strings = on; SET array_nulls = on;` +
      ` SET timezone = 'UTC'; SET datestyle = 'ISO'; SET extra_float_digits = 0; SET default_transaction_read_only = ${options.readOnly};` +
      ` SET default_transaction_isolation = 'read committed';${forgets ? " SET synchronous_commit = 'local';" : ''}` +
      pick('sessionSettings', version),
  );
  return version;
}

interface Parts {
  readonly role: ServerRole;
  readonly client: Client;
  readonly version: ServerVersion;
  readonly options: SessionOptions;
  readonly isLost: () => boolean;
}

function makeSession({role, client, version, options, isLost}: Parts): Session {
  const who = {trace: options.trace, server: role, application: options.applicationName};
  /** The limits that the last statement was sent with; null where the server may have others by now. */
  let set: Required<Limits> | null = {timeoutMs: options.statementTimeoutMs, lockTimeoutMs: options.lockTimeoutMs};

  async function limitTo({timeoutMs, lockTimeoutMs}: Required<Limits>): Promise<unknown> {
    const text = `SET statement_timeout = ${timeoutMs}; SET lock_timeout = ${lockTimeoutMs}`;
    const question: TimedQuery = {text, query_timeout: options.statementTimeoutMs + GRACE_MS};
    return traced({...who, sql: () => text}, async () => client.query(question));
  }

  // One after the other, each with its limits: a time-out counts from when a statement is sent, and nobody else's gets in between.
  let tail: Promise<unknown> = Promise.resolve();
  async function run<Row>(statement: Statement<Row>, limits: Limits = {}): Promise<Row[]> {
    const own = tail.then(async () => runNow(statement, limits));
    tail = own.catch(() => undefined);
    return own;
  }

  async function runNow<Row>(statement: Statement<Row>, limits: Limits): Promise<Row[]> {
    const timeoutMs = limits.timeoutMs ?? options.statementTimeoutMs;
    const lockTimeoutMs = limits.lockTimeoutMs ?? options.lockTimeoutMs;
    try {
      // A transaction that has failed takes nothing but its end, and what was set in it goes with it.
      const isEnd = statement.text === 'ROLLBACK';
      const isSet = isEnd || (set?.timeoutMs === timeoutMs && set.lockTimeoutMs === lockTimeoutMs);
      if (!isSet) await limitTo({timeoutMs, lockTimeoutMs});
      set = isEnd ? null : {timeoutMs, lockTimeoutMs};
      return await traced({...who, sql: () => renderStatement(statement)}, async () =>
        query<Row>(client, statement, timeoutMs === 0 ? 0 : timeoutMs + GRACE_MS),
      );
    } catch (error) {
      // A client-side time-out leaves the statement running on a connection that is no longer ours to use; end() drops it at once.
      if (sqlStateOf(error) === null) void client.end().catch(() => undefined);
      throw serverError(role, statement, error);
    }
  }

  async function one<Row>(statement: Statement<Row>, limits?: Limits): Promise<Row> {
    const [row, ...more] = await run(statement, limits);
    if (row === undefined || more.length > 0) throw new Error(`bug: not exactly one row from ${statement.text}`);
    return row;
  }

  return {
    role,
    version,
    get lost() {
      return isLost();
    },
    run,
    one,
    close: async () => closeClient(client),
  };
}

async function query<Row>(client: Client, statement: Statement<Row>, limitMs: number): Promise<Row[]> {
  const values: unknown[] = statement.values.map((value) => (Array.isArray(value) ? [...value] : value));
  const question: TimedQuery = {text: statement.text, values, ...(limitMs === 0 ? {} : {query_timeout: limitMs})};
  const result = await client.query<Row & QueryResultRow>(question);
  return result.rows;
}

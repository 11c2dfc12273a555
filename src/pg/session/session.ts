import type {Trace} from '../../domain/base/trace.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import type {Statement} from './statement.ts';

/** How long one statement may run and wait for locks. 0 is without a limit and wants a reason where it is written. */
export interface Limits {
  readonly timeoutMs?: number;
  readonly lockTimeoutMs?: number;
}

/**
 * One connection to one server. Every statement has the session's time-outs unless it brings its own;
 * search_path is empty, so statements qualify their names. A failed statement throws a LonghaulError (see server-error.ts).
 */
export interface Session {
  readonly role: ServerRole;
  readonly version: ServerVersion;
  /** Whether the connection is gone; a lost session throws at every use. */
  readonly lost: boolean;
  /** Runs one statement and gives its rows. */
  run<Row>(statement: Statement<Row>, limits?: Limits): Promise<Row[]>;
  /** Runs one statement that gives exactly one row; throws "bug" otherwise. */
  one<Row>(statement: Statement<Row>, limits?: Limits): Promise<Row>;
  close(): Promise<void>;
}

/** What a new session is for and how careful it is. */
export interface SessionOptions {
  /** Shown in pg_stat_activity: `longhaul/acme-prod/probe`. */
  readonly applicationName: string;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  /** default_transaction_read_only: probes and checks can change nothing. */
  readonly readOnly: boolean;
  /** Hears of every statement with how long it took. */
  readonly trace?: Trace | undefined;
  /** Aborted when nobody waits for the connection any more: an attempt ends at once. A session that is made stays. */
  readonly signal?: AbortSignal | undefined;
}

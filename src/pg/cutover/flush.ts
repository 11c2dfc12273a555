import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {maybe} from '../session/versions.ts';

/**
 * Has everything that was committed before it on the server's disk at once: a message of logical decoding in a transaction of its own, which nothing reads. What applies changes commits without waiting
 * for its disk, and tells its publisher what is there only once the WAL writer has come by. Null before 9.6, which has no messages.
 * Source: https://www.postgresql.org/docs/current/wal-async-commit.html
 */
export function flushCommits(version: ServerVersion): Statement | null {
  const emit = maybe('emitMessage', version);
  return emit === null ? null : sql(`SELECT ${emit}(true, 'longhaul', '')`);
}

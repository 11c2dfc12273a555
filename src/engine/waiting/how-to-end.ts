import {quoteLiteral} from '../../domain/pg/identifier.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import type {Blocker} from '../../pg/replication/blockers.ts';

/** Where they are, and the key of longhaul.yaml that says how long they are waited for. */
interface Where {
  readonly on: ServerRole;
  readonly limit: 'timeouts.create_slot' | 'timeouts.lock' | 'timeouts.pause';
}

/**
 * What to do about transactions that somebody waits for. What is rolled back is the application's, so waiting comes first. Workers of the server are left
 * alone: pglogical's do not all come back. Pure.
 */
export function howToEnd(blockers: readonly Blocker[], {on, limit}: Where): string {
  const ends = blockers.flatMap(({pid, prepared, database}) => [
    ...(pid === null ? [] : [`SELECT pg_terminate_backend(${pid})`]),
    ...(prepared === null ? [] : [`in database ${database}: ROLLBACK PREPARED ${quoteLiteral(prepared).trim()}`]),
  ]);
  const wait = `wait for these transactions, or raise ${limit}`;
  if (ends.length === 0) return wait;
  return `${wait}; where their owners agree that they are rolled back, on the ${on}, as superuser: ${ends.join('; ')}`;
}

import {quoteLiteral} from '../../domain/pg/identifier.ts';
import {printable} from '../../domain/base/printable.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import type {Blocker} from '../../pg/replication/blockers.ts';

/** Where they are, and the key of longhaul.yaml that says how long they are waited for; null where none does. */
interface Where {
  readonly on: ServerRole;
  readonly limit: 'timeouts.create_slot' | 'timeouts.lock' | 'timeouts.pause' | 'cutover.drain_limit' | null;
}

/**
 * What to do about transactions that somebody waits for, or will. What is rolled back is the application's, so waiting comes first. Workers of the server
 * are left alone: pglogical's do not all come back. A prepared transaction ends by itself never, and which end is right only its owner knows: it is ended
 * in its own database, by its owner or a superuser. Pure.
 */
export function howToEnd(blockers: readonly Blocker[], {on, limit}: Where): string {
  const prepared = blockers.flatMap(({prepared: gid, database}) =>
    gid === null ? [] : [{database: printable(database), gid: quoteLiteral(gid).trim()}],
  );
  const ends = [
    ...blockers.flatMap(({pid}) => (pid === null ? [] : [`SELECT pg_terminate_backend(${pid})`])),
    ...prepared.map(({database, gid}) => `in database ${database}: ROLLBACK PREPARED ${gid}`),
  ];
  const kept = prepared.map(({database, gid}) => `in database ${database}: COMMIT PREPARED ${gid}`);
  const wait =
    blockers.length > 0 && prepared.length === blockers.length
      ? 'ask its owner which is right, for a prepared transaction does not end by itself'
      : `wait for these transactions${limit === null ? '' : `, or raise ${limit}`}`;
  if (ends.length === 0) return wait;
  const rolledBack = `${wait}; where their owners agree that they are rolled back, on the ${on}, as superuser: ${ends.join('; ')}`;
  return kept.length === 0
    ? rolledBack
    : `${rolledBack}; or, where what was prepared is to be kept, ${kept.join('; ')}`;
}

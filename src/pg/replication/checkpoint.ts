import {sql, type Statement} from '../session/statement.ts';

/** Writes a checkpoint, after which WAL that nobody needs is removed. Superuser, or pg_checkpoint from 15 on; takes as long as the disk does. */
export function checkpoint(): Statement {
  return sql('CHECKPOINT');
}

/** Ends the backend that reads a slot; its walsender stops and the slot can be dropped. Same role, pg_signal_backend (9.6+) or superuser. */
export function terminateBackend(pid: number): Statement<{signalled: boolean}> {
  return sql('SELECT pg_terminate_backend($1) AS "signalled"', [pid]);
}

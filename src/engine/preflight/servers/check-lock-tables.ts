import type {Finding} from '../../../domain/run/finding.ts';
import type {ServerRole} from '../../../domain/pg/server-role.ts';
import {readTimeouts} from '../../../pg/session/settings.ts';
import {formatCount, formatDuration} from '../../../domain/base/units.ts';
import {countRelations} from '../../../pg/load/lock-table.ts';
import {isSchemaWanted} from '../../schema/copy/dump-scope.ts';
import {readLockTable, type LockTable} from '../../schema/copy/lock-room.ts';
import type {PreflightContext} from '../read-once.ts';
import {found} from '../found.ts';

/** Whether dump and restore fit into the servers' lock tables, and waits for locks into their deadlock_timeout. On production a full lock table stops other sessions, too. */
export async function checkLockTables(ctx: PreflightContext): Promise<Finding[]> {
  const schemas = (await ctx.once('source', countRelations())).filter(({schema}) =>
    isSchemaWanted(schema, ctx.config.tables),
  );
  const read = schemas.reduce((sum, one) => sum + one.read, 0);
  const created = schemas.reduce((sum, one) => sum + one.created, 0);
  const findings: Finding[] = [];
  for (const [server, needed] of [
    ['source', read],
    ['replica', read],
    ['target', created],
  ] as const) {
    findings.push(...judgeLockTable(server, needed, await readLockTable(await ctx.session(server))));
  }
  for (const server of ['source', 'target'] as const) {
    const {seconds} = await (await ctx.session(server)).one(readTimeouts(['deadlock_timeout']));
    findings.push(...judgeDeadlockTimeout(server, seconds, ctx.config.timeouts.lockMs));
  }
  return findings;
}

/** A server ends an autovacuum only for somebody who has waited for its deadlock_timeout. Pure. */
export function judgeDeadlockTimeout(server: ServerRole, seconds: number, lockMs: number): Finding[] {
  if (lockMs > seconds * 1000) return [];
  return [
    found(server).warning(
      'deadlock-timeout',
      `deadlock_timeout is ${formatDuration(seconds * 1000)}, and timeouts.lock gives up after ${formatDuration(lockMs)}: an autovacuum that is in the way of a lock would not be ended for it`,
      'set timeouts.lock above the deadlock_timeout',
    ),
  ];
}

const WHAT: Readonly<Record<ServerRole, string>> = {
  source: 'the dump of the schema locks that many tables and views on production',
  replica: 'a dump of the data locks as many there',
  target:
    'the schema is made in one transaction, which locks that many tables, sequences, TOAST tables and their indexes',
};

/** From half of the lock table on, the others begin to want for room. Pure. */
export function judgeLockTable(
  server: ServerRole,
  needed: number,
  {perTransaction, sessions, room}: LockTable,
): Finding[] {
  if (needed <= room / 2) return [];
  const {blocker, warning} = found(server);
  const enough = Math.ceil((2 * needed) / sessions / 64) * 64;
  const also = server === 'source' ? ' (its standbys first: they must not have less)' : '';
  return [
    (needed > room ? blocker : warning)(
      'lock-table',
      `${formatCount(needed)} locks are needed, and its lock table has room for ${formatCount(room)} (max_locks_per_transaction ${perTransaction} x ${sessions} sessions): ${WHAT[server]}`,
      `ALTER SYSTEM SET max_locks_per_transaction = ${enough}${also}, then restart the server; on RDS in its parameter group. Or move fewer schemas at once: tables.include_schemas`,
    ),
  ];
}

import type {Finding} from '../../../domain/run/finding.ts';
import type {ServerRole} from '../../../domain/pg/server-role.ts';
import {formatCount} from '../../../domain/base/units.ts';
import {countRelations} from '../../../pg/load/lock-table.ts';
import {readSettings} from '../../../pg/session/settings.ts';
import {isSchemaWanted} from '../../schema/copy/dump-scope.ts';
import type {PreflightContext} from '../read-once.ts';
import {found} from '../found.ts';

const NAMES = ['max_locks_per_transaction', 'max_connections', 'max_prepared_transactions'];

/** Whether dump and restore fit into the servers' lock tables. On production a full one stops other sessions, too. */
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
    const session = await ctx.session(server);
    const settings = new Map((await session.run(readSettings(NAMES))).map(({name, value}) => [name, Number(value)]));
    findings.push(...judgeLockTable(server, needed, settings));
  }
  return findings;
}

const WHAT: Readonly<Record<ServerRole, string>> = {
  source: 'the dump of the schema locks that many tables and views on production',
  replica: 'a dump of the data locks as many there',
  target:
    'the schema is made in one transaction, which locks that many tables, sequences, TOAST tables and their indexes',
};

/**
 * The lock table has room for max_locks_per_transaction x (max_connections + max_prepared_transactions) locks of all sessions together; from
 * half of it on, the others begin to want for room. Pure.
 * Source: https://www.postgresql.org/docs/current/runtime-config-locks.html
 */
export function judgeLockTable(server: ServerRole, needed: number, settings: ReadonlyMap<string, number>): Finding[] {
  const perTransaction = settings.get('max_locks_per_transaction') ?? 64;
  const sessions = (settings.get('max_connections') ?? 100) + (settings.get('max_prepared_transactions') ?? 0);
  const room = perTransaction * sessions;
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

import {counted} from '../../domain/base/units.ts';
import {readOldestTransactions} from '../../pg/replication/oldest-transactions.ts';
import {maybe} from '../../pg/session/versions.ts';
import type {ServerProbe} from './probe.ts';

/** The oldest transaction of the primary, prepared ones included: slots wait for it, and it holds back vacuum. */
export function transactionsProbe(everyMs: number): ServerProbe {
  return {
    name: 'transactions:source',
    server: 'source',
    everyMs,
    async read(session) {
      const {seconds, what, isPrepared, ends, prepared, hidden} = await session.one(readOldestTransactions());
      const grant = maybe('monitorRole', session.version) === null ? 'a superuser' : 'GRANT pg_monitor';
      const unseen = hidden === 0 ? '' : `${counted(hidden, 'session')} may not be seen (needs ${grant})`;
      const oldest = [what ?? '', unseen].filter((words) => words !== '').join('; ');
      return {
        probe: 'transactions',
        server: 'source',
        oldestSeconds: seconds,
        oldest: oldest === '' ? null : oldest,
        isPrepared: isPrepared === true,
        ends,
        prepared,
      };
    },
  };
}

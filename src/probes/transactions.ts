import {readOldestTransactions} from '../pg/oldest-transactions.ts';
import type {ServerProbe} from './probe.ts';

/** The oldest transaction of the primary, prepared ones included: slots wait for it, and it holds back vacuum. */
export function transactionsProbe(everyMs: number): ServerProbe {
  return {
    name: 'transactions:source',
    server: 'source',
    everyMs,
    async read(session) {
      const {seconds, what, prepared} = await session.one(readOldestTransactions());
      return {probe: 'transactions', server: 'source', oldestSeconds: seconds, oldest: what, prepared};
    },
  };
}

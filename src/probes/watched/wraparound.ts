import type {Figure} from '../../domain/reading/figure.ts';
import {claimedSlots} from '../../domain/run/claimed.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import {readTransactionAges, type TransactionAge} from '../../pg/replication/transaction-ages.ts';
import type {ServerProbe} from './probe.ts';

/** What the probe's figures are, by the names that they have. */
const FIGURES: Readonly<Record<TransactionAge['what'], Pick<Figure, 'name' | 'label'>>> = {
  'frozen xid': {name: 'xid_age', label: 'xid age'},
  'frozen multixact': {name: 'multixact_age', label: 'mxid age'},
  'our slot': {name: 'our_slot_xmin_age', label: 'slot xmin'},
  slot: {name: 'other_slot_xmin_age', label: 'slot xmin'},
  transaction: {name: 'transaction_xmin_age', label: 'oldest xmin'},
};

/** How far the primary is from wraparound, and what keeps vacuum from freezing: slots' catalog_xmin, ours and others', and open transactions. */
export function wraparoundProbe(everyMs: number, state: () => RunState): ServerProbe {
  return {
    name: 'wraparound:source',
    server: 'source',
    everyMs,
    async read(session) {
      const ages = await session.run(readTransactionAges(claimedSlots(state().claimed), session.version));
      return {
        probe: 'figures',
        of: 'wraparound',
        server: 'source',
        figures: ages.map(({what, age, of}) => ({...FIGURES[what], value: age, unit: 'count', of})),
      };
    },
  };
}

import type {LabServer} from './cluster/lab-server.ts';

/** The sums that hold at every snapshot of every server of the lab. */
export interface Invariant {
  readonly holds: boolean;
  /** In figures: `accounts 499500 = history 499500; tellers 12 = history 12`. */
  readonly seen: string;
}

/** Reads the write load's sums in one snapshot: balances against histories, and both histories' live parts against each other. */
export async function verifyInvariant(server: LabServer): Promise<Invariant> {
  const [[there] = []] = await server.sql("SELECT to_regclass('public.accounts') IS NOT NULL");
  if (there !== 't') return {holds: false, seen: 'public.accounts is not there'};
  const [row = []] = await server.sql(`
    SELECT (SELECT sum(balance) FROM ONLY public.accounts)::text,
           (SELECT sum(delta) FROM ONLY public.account_history)::text,
           (SELECT sum(balance) FROM ONLY public.tellers)::text,
           (SELECT coalesce(sum(delta), 0) FROM ONLY public.teller_history)::text,
           (SELECT coalesce(sum(delta), 0) FROM ONLY public.account_history WHERE note <> 'opening')::text`);
  const [accounts = '?', history = '?', tellers = '?', tellerHistory = '?', live = '?'] = row;
  return {
    holds: row.length === 5 && accounts === history && tellers === tellerHistory && live === tellerHistory,
    seen: `accounts ${accounts}, their history ${history}; tellers ${tellers}, their history ${tellerHistory}, accounts' live part ${live}`,
  };
}

import type {Config} from '../../../config/config.ts';
import {quoteValue, type Conninfo} from '../../../config/conninfo/conninfo.ts';
import {parseConninfo} from '../../../config/conninfo/parse-conninfo.ts';

/** How a server that subscribes reaches the other one: with the password, and for people without it. */
export interface SubscriptionDsn {
  readonly dsn: string;
  readonly shownDsn: string;
}

/** What of this machine's way to a server is the same from the other one. Files of this machine are not there. */
const ALIKE = ['host', 'hostaddr', 'port', 'dbname', 'user', 'sslmode'] as const;

/** The dsn of every subscription: `cdc.source_for_target`, and what that does not say as in `source`. Pure. */
export function subscriptionDsn({cdc, servers}: Pick<Config, 'cdc' | 'servers'>): SubscriptionDsn {
  return dsnOf(servers.source, cdc.sourceForTarget);
}

/** The dsn of every subscription of the way back: `cutover.target_for_source`, and what that does not say as in `target`. Pure. */
export function reverseDsn({cutover, servers}: Pick<Config, 'cutover' | 'servers'>): SubscriptionDsn {
  return dsnOf(servers.target, cutover.targetForSource);
}

/** How one server reaches another: as is written for it, and for the rest as this machine does. Pure. */
export function dsnOf({params, password}: Conninfo, other: string | null): SubscriptionDsn {
  const written = other === null ? {} : parseConninfo(other);
  const alike = Object.fromEntries(ALIKE.flatMap((key) => (params[key] === undefined ? [] : [[key, params[key]]])));
  // A host that is written names the server alone: this machine's address of it may be another.
  if (written['host'] !== undefined) delete alike['hostaddr'];
  const all = Object.entries({...alike, ...written}).map(([key, value]) => `${key}=${quoteValue(value)}`);
  const withSecret = (secret: string): string => [...all, `password=${quoteValue(secret)}`].join(' ');
  // A file on the target's own machine keeps it out of the server's catalog.
  return password === null || written['passfile'] !== undefined
    ? {dsn: all.join(' '), shownDsn: all.join(' ')}
    : {dsn: withSecret(password.reveal()), shownDsn: withSecret('********')};
}

import type {Config} from '../../../config/config.ts';
import {quoteValue} from '../../../config/conninfo/conninfo.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import type {SecretDsn} from '../../../pg/capture/pglogical.ts';
import {dsnOf, subscriptionDsn} from '../native/subscription-dsn.ts';

/** What pglogical's catalog on the target keeps: how the target reaches the source, the same in every subscription, and itself. Pure. */
export function pglogicalDsns(config: Pick<Config, 'cdc' | 'servers'>): {source: SecretDsn; target: SecretDsn} {
  return {
    source: subscriptionDsn(config),
    target: dsnOf(config.servers.target, config.cdc.targetForItself),
  };
}

/**
 * The error without the passwords of the dsns: pglogical puts the whole dsn into its errors. What the server said beside its message, and the statement's values, are
 * not kept. Pure.
 */
export function withoutPasswords(error: unknown, {servers}: Pick<Config, 'servers'>, remedy: string): unknown {
  if (!(error instanceof LonghaulError) || error.code !== 'failed') return error;
  const secrets = [servers.source.password, servers.target.password].flatMap((one) =>
    one === null || one.reveal() === '' ? [] : [quoteValue(one.reveal()), one.reveal()],
  );
  const message = secrets.reduce((text, secret) => text.replaceAll(secret, '********'), error.message);
  return new LonghaulError({code: 'failed', message, remedy});
}

import type {ConnectionOptions} from 'node:tls';
import {NAME_BYTES, type Conninfo} from './conninfo.ts';
import {tlsAttempts} from './tls.ts';

/** What node-postgres connects with. `sslAttempts` are tried in order, as libpq does for sslmode allow and prefer. */
export interface PgConfig {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password?: string;
  readonly options?: string;
  readonly application_name: string;
  readonly connectionTimeoutMillis: number;
  readonly keepAlive: boolean;
  readonly keepAliveInitialDelayMillis: number;
  readonly sslnegotiation: 'postgres' | 'direct';
  readonly sslAttempts: readonly (false | ConnectionOptions)[];
}

const CONNECT_TIMEOUT_S = 10;

/** A conninfo for node-postgres, meaning what libpq makes of it. Throws `config` when a certificate file cannot be read. */
export function toPg({params, password}: Conninfo, {applicationName}: {readonly applicationName: string}): PgConfig {
  const host = params['hostaddr'] ?? params['host'] ?? '';
  return {
    host,
    port: Number(params['port']),
    user: params['user'] ?? '',
    database: params['dbname'] ?? '',
    ...(password === null ? {} : {password: password.reveal()}),
    ...(params['options'] === undefined ? {} : {options: params['options']}),
    application_name: applicationName.slice(0, NAME_BYTES),
    connectionTimeoutMillis: Number(params['connect_timeout'] ?? CONNECT_TIMEOUT_S) * 1000,
    keepAlive: params['keepalives'] !== '0',
    keepAliveInitialDelayMillis: Number(params['keepalives_idle'] ?? 60) * 1000,
    sslnegotiation: params['sslnegotiation'] === 'direct' ? 'direct' : 'postgres',
    // libpq never speaks TLS through a Unix socket.
    sslAttempts: host.startsWith('/') ? [false] : tlsAttempts(params),
  };
}

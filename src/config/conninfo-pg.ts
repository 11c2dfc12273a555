import {existsSync, readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import type {ConnectionOptions} from 'node:tls';
import type {Conninfo} from './conninfo.ts';

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
  readonly sslAttempts: readonly (false | ConnectionOptions)[];
}

const CONNECT_TIMEOUT_S = 10;

/** A conninfo for node-postgres, meaning what libpq makes of it. Throws a plain error when a certificate file cannot be read. */
export function toPg({params, password}: Conninfo, {applicationName}: {readonly applicationName: string}): PgConfig {
  const host = params['hostaddr'] ?? params['host'] ?? '';
  return {
    host,
    port: Number(params['port']),
    user: params['user'] ?? '',
    database: params['dbname'] ?? '',
    ...(password === null ? {} : {password: password.reveal()}),
    ...(params['options'] === undefined ? {} : {options: params['options']}),
    application_name: applicationName.slice(0, 63),
    connectionTimeoutMillis: Number(params['connect_timeout'] ?? CONNECT_TIMEOUT_S) * 1000,
    keepAlive: params['keepalives'] !== '0',
    keepAliveInitialDelayMillis: Number(params['keepalives_idle'] ?? 60) * 1000,
    // libpq never speaks TLS through a Unix socket.
    sslAttempts: host.startsWith('/') ? [false] : sslAttempts(params),
  };
}

function sslAttempts(params: Conninfo['params']): readonly (false | ConnectionOptions)[] {
  switch (params['sslmode'] ?? 'prefer') {
    case 'disable':
      return [false];
    case 'allow':
      return [false, encrypted(params)];
    case 'prefer':
      return [encrypted(params), false];
    case 'verify-full':
      return [verified(params)];
    case 'verify-ca':
      return [{...verified(params), checkServerIdentity: () => undefined}];
    default:
      // `require` verifies the chain where there is a root certificate, as libpq does.
      return [
        rootCertificate(params) === null
          ? encrypted(params)
          : {...verified(params), checkServerIdentity: () => undefined},
      ];
  }
}

function encrypted(params: Conninfo['params']): ConnectionOptions {
  return {rejectUnauthorized: false, ...clientCertificate(params)};
}

function verified(params: Conninfo['params']): ConnectionOptions {
  const ca = rootCertificate(params);
  // `sslrootcert=system` is the system's own list, Node's default.
  return {
    rejectUnauthorized: true,
    servername: params['host'] ?? '',
    ...(ca === null ? {} : {ca}),
    ...clientCertificate(params),
  };
}

function rootCertificate(params: Conninfo['params']): Buffer | null {
  if (params['sslrootcert'] === 'system') return null;
  const path = params['sslrootcert'] ?? join(homedir(), '.postgresql', 'root.crt');
  if (params['sslrootcert'] === undefined && !existsSync(path)) return null;
  return readFileSync(path);
}

function clientCertificate(params: Conninfo['params']): ConnectionOptions {
  const cert = params['sslcert'] ?? join(homedir(), '.postgresql', 'postgresql.crt');
  const key = params['sslkey'] ?? join(homedir(), '.postgresql', 'postgresql.key');
  if (params['sslcert'] === undefined && !existsSync(cert)) return {};
  return {cert: readFileSync(cert), key: readFileSync(key)};
}

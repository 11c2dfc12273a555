import {existsSync, readFileSync, statSync} from 'node:fs';
import {isIP} from 'node:net';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {checkServerIdentity, type ConnectionOptions, type SecureVersion} from 'node:tls';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {fromSystem} from '../../domain/base/system-error.ts';
import type {Conninfo} from './conninfo.ts';

type Params = Conninfo['params'];

/**
 * The ways to connect that an sslmode allows, in order, each meaning what libpq makes of it. Throws `config` when a file cannot be read.
 * Source: libpq, "SSL Support"; fe-secure-openssl.c, initialize_SSL().
 */
export function tlsAttempts(params: Params): readonly (false | ConnectionOptions)[] {
  switch (params['sslmode'] ?? 'prefer') {
    case 'disable':
      return [false];
    case 'allow':
      return [false, encrypted(params)];
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      return [encrypted(params)];
    default:
      return [encrypted(params), false];
  }
}

/** Where there is a root certificate, libpq verifies the chain in every mode; the name only in verify-full. */
function encrypted(params: Params): ConnectionOptions {
  const mode = params['sslmode'] ?? 'prefer';
  const ca = rootCertificate(params);
  const name = params['host'] ?? params['hostaddr'] ?? '';
  return {
    ...(ca === null ? {} : {ca}),
    rejectUnauthorized: ca !== null || mode.startsWith('verify-'),
    checkServerIdentity: (_, certificate) =>
      mode === 'verify-full' ? checkServerIdentity(name, certificate) : undefined,
    // RFC 6066 knows no addresses.
    ...(isIP(name) === 0 && params['sslsni'] !== '0' ? {servername: name} : {}),
    ...(params['sslcrl'] === undefined ? {} : {crl: readNamed('sslcrl', params['sslcrl'])}),
    ...versions(params),
    ...clientCertificate(params),
  };
}

function rootCertificate(params: Params): Buffer | null {
  // The system's own list is Node's default.
  if (params['sslrootcert'] === 'system') return null;
  const path = params['sslrootcert'] ?? join(homedir(), '.postgresql', 'root.crt');
  if (params['sslrootcert'] === undefined && !existsSync(path)) return null;
  return readNamed('sslrootcert', path);
}

/** As libpq does, a certificate that is not there is not sent. */
function clientCertificate(params: Params): ConnectionOptions {
  const cert = params['sslcert'] ?? join(homedir(), '.postgresql', 'postgresql.crt');
  const key = params['sslkey'] ?? join(homedir(), '.postgresql', 'postgresql.key');
  return existsSync(cert) ? {cert: readNamed('sslcert', cert), key: readNamed('sslkey', key)} : {};
}

const VERSIONS: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

function versions(params: Params): ConnectionOptions {
  const least = VERSIONS.find((one) => one === params['ssl_min_protocol_version']);
  const most = VERSIONS.find((one) => one === params['ssl_max_protocol_version']);
  return {...(least === undefined ? {} : {minVersion: least}), ...(most === undefined ? {} : {maxVersion: most})};
}

function readNamed(key: string, path: string): Buffer {
  try {
    // A pipe or a device may have bytes without end.
    if (!statSync(path).isFile()) throw new Error(`${path} is not a file`);
    return readFileSync(path);
  } catch (error) {
    throw new LonghaulError({
      code: 'config',
      message: `${key} cannot be read: ${fromSystem(error)?.message ?? (error instanceof Error ? error.message : String(error))}`,
      remedy: `name a file that ${key} of a conninfo may be and that you may read`,
      cause: error,
    });
  }
}

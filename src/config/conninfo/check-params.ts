import {isAbsolute} from 'node:path';
import {ConninfoError, mustBeOneHost, type Params} from './parse-conninfo.ts';

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];
const TLS_VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** Files by these parameters; the supervisor and the lanes run in other folders. */
const FILES = ['passfile', 'sslcert', 'sslkey', 'sslrootcert', 'sslcrl'];

/** What libpq would do and node-postgres cannot: with these, our own connections would not be what was asked for. */
const REFUSED: Readonly<Record<string, {readonly harmless: readonly string[]; readonly instead: string}>> = {
  sslpassword: {
    harmless: [],
    instead: 'it is a secret: let sslkey name a key without a passphrase that only you may read',
  },
  sslcrldir: {harmless: [], instead: 'name one file: sslcrl'},
  sslcertmode: {harmless: ['allow'], instead: 'leave it out; a client certificate is sent where sslcert is there'},
  gssencmode: {harmless: ['disable', 'prefer'], instead: 'encrypt by TLS: sslmode=verify-full'},
  channel_binding: {
    harmless: ['disable', 'prefer'],
    instead: 'leave it out and let TLS prove the server: sslmode=verify-full',
  },
  require_auth: {harmless: [], instead: 'leave it out and let TLS prove the server: sslmode=verify-full'},
  requirepeer: {harmless: [], instead: 'leave it out'},
  target_session_attrs: {harmless: ['any'], instead: 'leave it out; longhaul check sees which server is the primary'},
};

/** The parameters, when a connection can be what they ask for. Throws ConninfoError, with what to write instead. Pure. */
export function checkParams(params: Params): Params {
  const {port, sslmode = '', sslrootcert, connect_timeout: timeout} = mustBeOneHost(params);
  if (!/^\d+$/.test(port ?? '') || Number(port) < 1 || Number(port) > 65_535)
    throw new ConninfoError(`port "${port}" is not a port: 1 to 65535`);
  if (timeout !== undefined && !/^\s*\+?\d+\s*$/.test(timeout))
    throw new ConninfoError(
      `connect_timeout "${timeout}" is not a whole number of seconds: timeouts.connect holds without it`,
    );
  if (!SSL_MODES.includes(sslmode))
    throw new ConninfoError(`sslmode "${sslmode}" is not one of ${SSL_MODES.join(', ')}`);
  if (sslrootcert === 'system' && sslmode !== 'verify-full')
    throw new ConninfoError(
      `sslrootcert=system trusts every public authority: it wants sslmode=verify-full, not ${sslmode}`,
    );
  for (const key of ['ssl_min_protocol_version', 'ssl_max_protocol_version']) {
    const value = params[key];
    if (value !== undefined && !TLS_VERSIONS.includes(value))
      throw new ConninfoError(`${key} "${value}" is not one of ${TLS_VERSIONS.join(', ')}`);
  }
  for (const key of FILES) {
    const value = params[key];
    if (value === undefined || isAbsolute(value) || (key === 'sslrootcert' && value === 'system')) continue;
    throw new ConninfoError(
      `${key} "${value}" is not an absolute path, and the supervisor runs in a different folder: write the whole path`,
    );
  }
  for (const [key, {harmless, instead}] of Object.entries(REFUSED)) {
    const value = params[key];
    if (value === undefined || harmless.includes(value)) continue;
    throw new ConninfoError(
      `${key}${harmless.length === 0 ? '' : `=${value}`} cannot be honoured by every connection: ${instead}`,
    );
  }
  return params;
}

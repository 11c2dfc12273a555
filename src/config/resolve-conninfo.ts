import type {Conninfo} from './conninfo.ts';
import {ConninfoError, parseConninfo, type Params} from './parse-conninfo.ts';
import {findPassword} from './pgpass.ts';
import {Secret} from './secret.ts';
import {findService} from './service-file.ts';
import type {Surroundings} from './surroundings.ts';

/** libpq's environment variables, by the parameter that they are the default of. */
const VARIABLES: Readonly<Record<string, string>> = {
  host: 'PGHOST',
  hostaddr: 'PGHOSTADDR',
  port: 'PGPORT',
  dbname: 'PGDATABASE',
  user: 'PGUSER',
  passfile: 'PGPASSFILE',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslcrl: 'PGSSLCRL',
  options: 'PGOPTIONS',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  channel_binding: 'PGCHANNELBINDING',
  gssencmode: 'PGGSSENCMODE',
  krbsrvname: 'PGKRBSRVNAME',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
  client_encoding: 'PGCLIENTENCODING',
};

/** A load lasts for days: a dead peer must be noticed, and a firewall must see life. Values as libpq takes them, in seconds. */
const KEEPALIVES: Params = {keepalives: '1', keepalives_idle: '60', keepalives_interval: '10', keepalives_count: '6'};

/**
 * The connection that a conninfo, a URI or `service=name` means on this machine, as libpq would find it: what is written, then the
 * service file, then PG* variables, then defaults; the password last from pgpass. `defaults` are ours, before libpq's. Throws ConninfoError.
 */
export function resolveConninfo(text: string, around: Surroundings, defaults: Params = {}): Conninfo {
  const written = parseConninfo(text);
  const service = written['service'] ?? around.env['PGSERVICE'];
  const named = service === undefined ? {} : findService(service, around);
  const given: Params = {...fromEnvironment(around), ...named, ...written};
  const user = given['user'] ?? around.user;
  const full: Params = {
    sslmode: 'prefer',
    ...KEEPALIVES,
    ...defaults,
    ...given,
    user,
    host: given['host'] ?? given['hostaddr'] ?? '/var/run/postgresql',
    port: given['port'] ?? '5432',
    dbname: given['dbname'] ?? user,
  };
  const {password: inline, service: _, ...params} = full;
  // A password in the file is refused before; one in the service file or in PGPASSWORD is where libpq has it.
  const password = inline ?? around.env['PGPASSWORD'] ?? findPassword(params, around);
  return {params: checked(params), password: password === null || password === '' ? null : new Secret(password)};
}

function fromEnvironment({env}: Surroundings): Params {
  return Object.fromEntries(
    Object.entries(VARIABLES).flatMap(([key, variable]) => {
      const value = env[variable];
      return value === undefined || value === '' ? [] : [[key, value]];
    }),
  );
}

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

function checked(params: Params): Params {
  const port = Number(params['port']);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new ConninfoError(`port "${params['port']}" is no port: 1 to 65535`);
  if (!SSL_MODES.includes(params['sslmode'] ?? '')) {
    throw new ConninfoError(`sslmode "${params['sslmode']}" is none of ${SSL_MODES.join(', ')}`);
  }
  return params;
}

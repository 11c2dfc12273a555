import {checkParams} from './check-params.ts';
import type {Conninfo} from './conninfo.ts';
import {parseConninfo, type Params} from './parse-conninfo.ts';
import {findPassword} from './pgpass.ts';
import {Secret} from '../secret.ts';
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
  require_auth: 'PGREQUIREAUTH',
  requirepeer: 'PGREQUIREPEER',
  sslcrldir: 'PGSSLCRLDIR',
  sslcertmode: 'PGSSLCERTMODE',
  sslnegotiation: 'PGSSLNEGOTIATION',
  sslsni: 'PGSSLSNI',
  ssl_min_protocol_version: 'PGSSLMINPROTOCOLVERSION',
  ssl_max_protocol_version: 'PGSSLMAXPROTOCOLVERSION',
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
    sslmode: given['sslrootcert'] === 'system' ? 'verify-full' : 'prefer',
    ...KEEPALIVES,
    ...defaults,
    ...given,
    ...(waitsForEver(given) ? {connect_timeout: defaults['connect_timeout'] ?? '10'} : {}),
    user,
    host: given['host'] ?? given['hostaddr'] ?? '/var/run/postgresql',
    port: given['port'] ?? '5432',
    dbname: given['dbname'] ?? user,
  };
  const {password: inline, service: _, ...params} = full;
  // A password in the file is refused before; one in the service file or in PGPASSWORD is where libpq has it.
  const known = inline ?? around.env['PGPASSWORD'] ?? '';
  // An empty one is none, to libpq as well.
  const password = known === '' ? findPassword(params, around) : known;
  return {params: checkParams(params), password: password === null || password === '' ? null : new Secret(password)};
}

/** To libpq a connect_timeout of 0 or below is none. */
function waitsForEver({connect_timeout: seconds}: Params): boolean {
  return seconds !== undefined && /^\s*[-+]?\d+\s*$/.test(seconds) && Number(seconds) <= 0;
}

function fromEnvironment({env}: Surroundings): Params {
  return Object.fromEntries(
    Object.entries(VARIABLES).flatMap(([key, variable]) => {
      const value = env[variable];
      return value === undefined || value === '' ? [] : [[key, value]];
    }),
  );
}

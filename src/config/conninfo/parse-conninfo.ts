import {nearest} from '../nearest.ts';

/** A connection as it was written: libpq's keywords with their values, the password among them where one was given. */
export type Params = Record<string, string>;

/** What is wrong with a conninfo, for a message that names the key. Never repeats the text: it may hold a password. */
export class ConninfoError extends Error {}

/** Reads `key=value key='va lue'` or a `postgresql://` URI. Throws ConninfoError. Source: libpq, "Connection Strings". */
export function parseConninfo(text: string): Params {
  const params = /^postgres(ql)?:\/\//.test(text) ? parseUri(text) : parseKeywords(text);
  for (const key of Object.keys(params)) {
    if (KEYWORDS.has(key)) continue;
    // What follows a password may be the rest of it: `password=my secret=word`.
    throw new ConninfoError(
      params['password'] === undefined
        ? `libpq knows no connection parameter "${key}": take it out${near(key)}`
        : 'holds a password, and a parameter that libpq does not know: keep the password in ~/.pgpass',
    );
  }
  return mustBeOneHost(params);
}

/** The parameters, when they name one server. Throws ConninfoError. Pure. */
export function mustBeOneHost(params: Params): Params {
  if (['host', 'hostaddr', 'port'].some((key) => params[key]?.includes(',') === true))
    throw new ConninfoError('several hosts are named, but P and the slots belong to exactly one server: name that one');
  return params;
}

/** Whether libpq knows it. */
export function isParameter(key: string): boolean {
  return KEYWORDS.has(key);
}

function near(key: string): string {
  const known = nearest(key, [...KEYWORDS]);
  return known === null ? '' : `, or did you mean ${known}?`;
}

/** libpq 17's parameters, the password's own apart. */
const KEYWORDS = new Set(
  (
    'host hostaddr port dbname user password passfile require_auth channel_binding connect_timeout client_encoding options ' +
    'application_name fallback_application_name keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout ' +
    'sslmode sslnegotiation sslcompression sslcert sslkey sslpassword sslcertmode sslrootcert sslcrl sslcrldir sslsni requirepeer ' +
    'ssl_min_protocol_version ssl_max_protocol_version gssencmode krbsrvname gsslib gssdelegation service target_session_attrs'
  ).split(' '),
);

function parseKeywords(text: string): Params {
  const params: Params = {};
  const word = /\s*([A-Za-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/gsuy;
  const end = text.trimEnd().length;
  while (word.lastIndex < end) {
    const match = word.exec(text);
    if (match === null)
      throw new ConninfoError(
        'it is neither key=value pairs nor a postgresql:// URI; a value with spaces wants single quotes',
      );
    const [, key = '', quoted, plain = ''] = match;
    if (key in params) throw new ConninfoError(`${key} is there twice: keep one of the two`);
    params[key] = (quoted ?? plain).replaceAll(/\\(.)/gs, '$1');
  }
  return params;
}

const URI = /^postgres(?:ql)?:\/\/(?:([^@/?#]*)@)?(\[[^\]]*\]|[^:/?#,]*)?(?::(\d*))?(?:\/([^?#]*))?(?:\?([^#]*))?$/;

function parseUri(text: string): Params {
  const match = URI.exec(text);
  if (match === null) {
    throw new ConninfoError(
      'the URI is not postgresql://user@host:port/dbname?key=value with exactly one host; special characters want %XX',
    );
  }
  const [, credentials = '', host = '', port = '', dbname = '', query = ''] = match;
  const [user = '', ...rest] = credentials.split(':');
  const params: Params = {};
  const set = (key: string, value: string): void => {
    if (value !== '') params[key] = decode(value);
  };
  set('user', user);
  set('password', rest.join(':'));
  set('host', host.replaceAll(/^\[|\]$/g, ''));
  set('port', port);
  set('dbname', dbname);
  for (const pair of query.split('&').filter((one) => one !== '')) {
    const [key = '', ...value] = pair.split('=');
    // JDBC's spelling, which libpq understands as well.
    if (key === 'ssl' && value.join('=') === 'true') params['sslmode'] = 'require';
    else params[decode(key)] = decode(value.join('='));
  }
  return params;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ConninfoError('the URI has a % that is not followed by two hexadecimal digits');
  }
}

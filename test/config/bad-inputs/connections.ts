import type {BadInput} from './bad-input.ts';

const cases = (list: readonly (readonly [source: string, says: string, remedy: string])[]): BadInput[] =>
  list.map(([source, says, remedy]) => ({
    what: `source: ${source}`,
    file: `run: acme\nsource: ${source}\nreplica: host=b\ntarget: host=c\n`,
    says,
    remedy,
  }));

/** Servers that cannot be understood, or that hold what does not belong in the file. */
export const CONNECTIONS = cases([
  ['[a]', 'line 2:1: source: is a list, and must be text', 'write source: host='],
  ['5432', 'line 2:1: source: is a number, and must be text', 'write source: host='],
  ['""', 'line 2:1: source: is empty, and must be a conninfo', 'write source: host='],
  ['{host: db1}', 'line 2:1: source: is a section with keys, and must be text', 'write source: host='],
  ['db1.internal', 'line 2:1: source: it is neither key=value pairs nor a postgresql:// URI', 'key=value'],
  ['host=a password=hush', 'line 2:1: source: holds a password', 'keep it in ~/.pgpass'],
  ['postgresql://u:hush@h/db', 'line 2:1: source: holds a password', 'keep it in ~/.pgpass'],
  ['host=a,b', 'line 2:1: source: several hosts are named', 'name that one'],
  ['host=a port=0', 'line 2:1: source: port "0" is not a port', '1 to 65535'],
  ['host=a port=99999', 'line 2:1: source: port "99999" is not a port', '1 to 65535'],
  ['host=a sslmode=yes', 'line 2:1: source: sslmode "yes" is not one of', 'verify-full'],
  [
    'host=a hots=b',
    'line 2:1: source: libpq knows no connection parameter "hots"',
    'take it out, or did you mean host?',
  ],
  ['host=a sslcert=x.crt', 'line 2:1: source: sslcert "x.crt" is not an absolute path', 'write the whole path'],
  ['host=a sslpassword=x', 'line 2:1: source: sslpassword', 'let sslkey name a key'],
  ['host=a channel_binding=require', 'line 2:1: source: channel_binding=require', 'leave it out'],
  ['host=a target_session_attrs=read-write', 'line 2:1: source: target_session_attrs=read-write', 'leave it out'],
  ['service=nowhere', 'line 2:1: source: no service "nowhere" in', 'pg_service.conf'],
  ['postgresql://h:x/db', 'line 2:1: source: the URI is not postgresql://', 'special characters want %XX'],
  ['postgresql://h/%zz', 'line 2:1: source: the URI has a %', 'two hexadecimal digits'],
  ['mysql://h/db', 'line 2:1: source: it is neither key=value pairs', 'postgresql:// URI'],
  ["host=a dbname='x", 'line 2:1: source: it is neither key=value pairs', 'single quotes'],
  [
    'host=a ssl_min_protocol_version=TLS9',
    'line 2:1: source: ssl_min_protocol_version "TLS9" is not one of',
    'TLSv1.2',
  ],
  ['host=a port=1 port=2', 'line 2:1: source: port is there twice', 'keep one of the two'],
  ['host=a user=x user=y', 'line 2:1: source: user is there twice', 'keep one of the two'],
  ['host=a port=5e3', 'line 2:1: source: port "5e3" is not a port', '1 to 65535'],
  ['host=a port=１', 'line 2:1: source: port "１" is not a port', '1 to 65535'],
  ['hostaddr=10.0.0.1,10.0.0.2', 'line 2:1: source: several hosts are named', 'name that one'],
  ['postgresql://[::1/db', 'line 2:1: source: the URI is not postgresql://', 'special characters want %XX'],
  ['postgresql://h/db?sslmode=', 'line 2:1: source: sslmode "" is not one of', 'verify-full'],
  ['HOST=a', 'line 2:1: source: libpq knows no connection parameter "HOST"', 'did you mean host?'],
  ['host=a connect_timeout=soon', 'line 2:1: source: connect_timeout "soon" is not a whole number', 'without it'],
  ['"host=a\\0"', 'line 2:1: source: holds the control character U+0000', 'take it out'],
]);

/** What surrounds a configuration that names no more than that: `env` beside it, a service file with this text, and what is told. */
export const SURROUNDINGS = (
  [
    ['PGHOST=a,b', 'dbname=x', '', 'line 2:1: source: several hosts are named', 'name that one'],
    ['PGPORT=x', 'host=a', '', 'line 2:1: source: port "x" is not a port', '1 to 65535'],
    ['PGSSLMODE=maybe', 'host=a', '', 'sslmode "maybe" is not one of', 'verify-full'],
    ['PGSERVICE=gone', 'host=a', '', 'no service "gone" in', 'write it there, or name host, port and dbname'],
    ['', 'service=x', '[y]\nhost=a\n', 'no service "x" in', 'write it there'],
    ['', 'service=x', '[x]\nhost=a\nhost b\n', ', line 3: it is not key=value', 'mend the line'],
    ['', 'service=x', '[x]\nldap://h/dc=x\n', ', line 2: LDAP is not asked', 'write key=value lines instead'],
    ['', 'service=x', '[x]\nservice=y\n', ', line 2: a service cannot name another one', 'write its lines here'],
    ['', 'service=x', '[x]\nhots=a\n', ', line 2: libpq knows no connection parameter "hots"', 'take it out'],
    ['PGSERVICEFILE=/dev/zero', 'service=x', '', 'no service "x" in /dev/zero', 'write it there'],
    ['PGSERVICEFILE=/', 'service=x', '', 'no service "x" in /', 'write it there'],
  ] as const
).map(([env, source, service, says, remedy]) => ({env, source, service, says, remedy}));

/** The dsn of the node, which the source's catalog shows to everybody. */
export const NODE_DSN = (
  [
    ['host=a password=hush', 'line 5:7: cdc.node_dsn: holds a password', 'leave it out'],
    ['just words', 'line 5:7: cdc.node_dsn: it is neither key=value pairs', 'single quotes'],
  ] as const
).map(([dsn, says, remedy]) => ({
  what: `cdc.node_dsn: ${dsn}`,
  file: `run: acme\nsource: host=a\nreplica: host=b\ntarget: host=c\ncdc: {node_dsn: "${dsn}"}\n`,
  says,
  remedy,
}));

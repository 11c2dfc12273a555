import {inspect} from 'node:util';
import {describe, expect, test} from 'vitest';
import {toLibpq} from '../../../src/config/conninfo/conninfo.ts';
import {parseConninfo} from '../../../src/config/conninfo/parse-conninfo.ts';
import {resolveConninfo} from '../../../src/config/conninfo/resolve-conninfo.ts';
import {Secret} from '../../../src/config/secret.ts';
import type {Surroundings} from '../../../src/config/conninfo/surroundings.ts';

const here = (change: Partial<Surroundings> = {}): Surroundings => ({
  env: {},
  home: '/home/ana',
  user: 'ana',
  readFile: () => null,
  isOpenToOthers: () => false,
  ...change,
});

/** What is set for a child tool's session, of a conninfo as it is written. */
function optionsOf(text: string, how: object): string | undefined {
  const own = {applicationName: 'longhaul/x/y', encoding: 'UTF8', ...how} as const;
  return parseConninfo(toLibpq(resolveConninfo(text, here()), own))['options'];
}

describe('a conninfo', () => {
  test.each([
    ['host=db1 dbname=app', {host: 'db1', dbname: 'app'}],
    [
      String.raw`host = 'db one' user='it\'s' options='-c a=\\b'`,
      {host: 'db one', user: "it's", options: String.raw`-c a=\b`},
    ],
    [
      'postgresql://ana@db1:5433/app?sslmode=require',
      {user: 'ana', host: 'db1', port: '5433', dbname: 'app', sslmode: 'require'},
    ],
    ['postgres://[::1]/a%20b', {host: '::1', dbname: 'a b'}],
    ['postgresql:///app?host=%2Fvar%2Frun', {dbname: 'app', host: '/var/run'}],
  ])('%s is read as libpq reads it', (text, params) => {
    expect(parseConninfo(text)).toEqual(params);
  });

  test.each([
    ['hosst=db1', 'hosst'],
    ['host=a,b', 'exactly one server'],
    ['postgresql://a,b/app', 'one host'],
    ['just words', 'neither'],
    ['postgresql://h/%zz', 'hexadecimal'],
  ])('%s is refused by name', (text, words) => {
    expect(() => parseConninfo(text)).toThrow(words);
  });

  test.each([
    ['port=x', 'port "x" is not a port'],
    ['port=5432.0', 'is not a port'],
    ['sslmode=on', 'sslmode "on" is not one of'],
    ['sslmode=require sslrootcert=system', 'it wants sslmode=verify-full, not require'],
    ['ssl_min_protocol_version=SSLv3', 'is not one of TLSv1'],
    ['sslcert=client.crt', 'sslcert "client.crt" is not an absolute path'],
    ['sslpassword=hush', 'sslpassword cannot be honoured by every connection: it is a secret'],
    ['gssencmode=require', 'gssencmode=require cannot be honoured'],
    ['channel_binding=require', 'channel_binding=require cannot be honoured'],
    ['target_session_attrs=read-write', 'leave it out; longhaul check sees'],
  ])('%s cannot be what every connection has, and is refused', (text, words) => {
    expect(() => resolveConninfo(text, here())).toThrow(words);
  });

  test.each(['password=my secret=word', 'postgresql://h/d?password=se&cret=x'])(
    '%s does not repeat the rest of a password',
    (text) => {
      expect(() => parseConninfo(text)).toThrow(/^holds a password/);
    },
  );

  test('sslrootcert=system means verify-full, as libpq has it', () => {
    expect(resolveConninfo('host=a sslrootcert=system', here()).params['sslmode']).toBe('verify-full');
  });

  test('comes back from what the child tools are given, without its password', () => {
    const conninfo = resolveConninfo(`host='db one' user='it\\'s' dbname=app`, here({env: {PGPASSWORD: 'hush'}}));
    const text = toLibpq(conninfo, {applicationName: 'longhaul/x/y', encoding: 'UTF8'});
    expect(parseConninfo(text)).toEqual({
      ...conninfo.params,
      application_name: 'longhaul/x/y',
      client_encoding: 'UTF8',
    });
    expect(text).not.toContain('hush');
    expect(conninfo.password?.reveal()).toBe('hush');
  });

  test('what a child tool’s session sets goes behind the options that are written, as the server divides them', () => {
    expect(optionsOf('host=db1', {})).toBeUndefined();
    expect(optionsOf('host=db1', {writes: true})).toBe('-c default_transaction_read_only=off');
    expect(optionsOf("host=db1 options='-c work_mem=1MB'", {writes: true, serializable: true})).toBe(
      '-c work_mem=1MB -c default_transaction_read_only=off -c default_transaction_isolation=read\\ committed',
    );
  });

  test('what is written goes before the service file, that before PG*, that before the defaults', () => {
    const around = here({
      env: {PGHOST: 'env', PGPORT: '1111', PGUSER: 'envuser', PGSERVICEFILE: '/s'},
      readFile: (path) => (path === '/s' ? '[prod]\nport=2222\ndbname=fromservice\n' : null),
    });
    const {params} = resolveConninfo('service=prod dbname=written', around);
    expect(params).toMatchObject({host: 'env', port: '2222', dbname: 'written', user: 'envuser', sslmode: 'prefer'});
  });

  test('the password comes from pgpass, a socket is looked up as localhost, a file that others may read is ignored', () => {
    const text = '# comment\nother:5432:app:ana:no\nlocalhost:*:app:ana:p\\:w\n';
    const around = here({readFile: (path) => (path === '/home/ana/.pgpass' ? text : null)});
    expect(resolveConninfo('host=/tmp dbname=app', around).password?.reveal()).toBe('p:w');
    expect(resolveConninfo('host=/tmp dbname=app', {...around, isOpenToOthers: () => true}).password).toBeNull();
    expect(resolveConninfo('host=third dbname=app', around).password).toBeNull();
    const windows = here({readFile: () => '/run/pg:*:app:ana:by folder\r\n'});
    expect(resolveConninfo('host=/run/pg dbname=app', windows).password?.reveal()).toBe('by folder');
    const empty = here({...around, env: {PGPASSWORD: ''}});
    expect(resolveConninfo('host=/tmp dbname=app', empty).password?.reveal()).toBe('p:w');
  });

  test('a secret shows itself to nobody who did not ask', () => {
    const secret = new Secret('hush');
    for (const text of [secret.toString(), JSON.stringify({secret}), inspect({secret})])
      expect(text).not.toContain('hush');
  });
});

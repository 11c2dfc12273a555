import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {inspect} from 'node:util';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {toPg} from '../../src/config/conninfo/conninfo-pg.ts';
import {describeConninfo, toLibpq, type Conninfo} from '../../src/config/conninfo/conninfo.ts';
import {parseConfig} from '../../src/config/load.ts';
import {parseConninfo} from '../../src/config/conninfo/parse-conninfo.ts';
import {resolveConninfo} from '../../src/config/conninfo/resolve-conninfo.ts';
import {Secret} from '../../src/config/secret.ts';
import {surroundings, type Surroundings} from '../../src/config/conninfo/surroundings.ts';
import {printable} from '../../src/domain/base/printable.ts';
import {renderStatement, sql} from '../../src/pg/session/statement.ts';

const around = (change: Partial<Surroundings> = {}): Surroundings => ({
  env: {},
  home: '/home/ana',
  user: 'ana',
  readFile: () => null,
  isOpenToOthers: () => false,
  ...change,
});
const PGPASS = 'db1:5432:app:ana:hush\n';
const here = around({readFile: (path) => (path === '/home/ana/.pgpass' ? PGPASS : null)});

describe('a password', () => {
  const conninfo = resolveConninfo('host=db1 dbname=app', here);
  const SERVERS = 'run: acme\nsource: host=db1 dbname=app\nreplica: host=db1 dbname=app\ntarget: host=db1 dbname=app\n';

  test('is found, and is in nothing that is shown, written down or given as an argument', () => {
    expect(conninfo.password?.reveal()).toBe('hush');
    const config = parseConfig(SERVERS, 'longhaul.yaml', here);
    expect(config.servers.source.password?.reveal()).toBe('hush');
    const shown = [
      JSON.stringify(config),
      inspect(config, {depth: null, showHidden: true}),
      String(conninfo.password),
      describeConninfo(conninfo),
      toLibpq(conninfo, {applicationName: 'longhaul/acme/x', encoding: 'UTF8'}),
      JSON.stringify(Object.entries(conninfo)),
    ];
    for (const text of shown) expect(text).not.toContain('hush');
  });

  test('goes to our own connections, and only there', () => {
    expect(toPg(conninfo, {applicationName: 'longhaul/acme/run'}).password).toBe('hush');
    expect('password' in toPg({...conninfo, password: null}, {applicationName: 'x'})).toBe(false);
  });

  test.each([
    'host=a password=hush',
    "host=a password='hu sh'",
    'postgresql://u:hush@h/d',
    'postgresql://h/d?password=hush',
  ])('%s is refused in longhaul.yaml, and the message does not repeat it', (text) => {
    const yaml = SERVERS.replace('target: host=db1 dbname=app', `target: "${text}"`);
    const refused = (): unknown => parseConfig(yaml, 'longhaul.yaml', here);
    expect(refused).toThrow('holds a password');
    expect(refused).not.toThrow(/hush|hu sh/);
  });

  test('of the environment goes before pgpass, one of the service file before both; an empty one is none', () => {
    const service = around({
      env: {PGPASSWORD: 'of the shell', PGSERVICEFILE: '/s'},
      readFile: (path) => (path === '/s' ? '[prod]\nhost=db1\npassword=of the service\n' : PGPASS),
    });
    expect(resolveConninfo('service=prod', service).password?.reveal()).toBe('of the service');
    expect(resolveConninfo('service=prod', service).params['password']).toBeUndefined();
    expect(resolveConninfo('host=db1', service).password?.reveal()).toBe('of the shell');
    expect(resolveConninfo('host=db1 dbname=none', around()).password).toBeNull();
  });

  test('is the one of exactly this server: every field of the line must fit, and the first line that fits counts', () => {
    const text =
      'db1:5432:other:ana:no\ndb1:5432:app:bob:no\ndb1:5433:app:ana:no\ndb1:5432:app:ana:first\n*:*:*:*:second\n';
    const file = around({readFile: () => text});
    expect(resolveConninfo('host=db1 dbname=app', file).password?.reveal()).toBe('first');
    expect(resolveConninfo('host=db9 dbname=app', file).password?.reveal()).toBe('second');
    const short = around({readFile: () => 'db1:5432:app:ana\n'});
    expect(resolveConninfo('host=db1 dbname=app', short).password).toBeNull();
  });

  test('shows its asterisks wherever it is turned into text', () => {
    const secret = new Secret('hush');
    expect([String(secret), secret.toJSON(), inspect(secret)]).toEqual(['********', '********', '********']);
  });
});

describe('a pgpass that others may read', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lh-pgpass-'));
  });
  afterAll(() => rmSync(folder, {recursive: true}));

  test.each([
    [0o600, 'hush'],
    [0o640, null],
    [0o604, null],
  ])('mode %o', (mode, password) => {
    const path = join(folder, `pgpass-${mode}`);
    writeFileSync(path, PGPASS, {mode});
    const found = resolveConninfo(`host=db1 dbname=app user=ana passfile=${path}`, surroundings({}));
    expect(found.password?.reveal() ?? null).toBe(password);
  });
});

describe('one truth for libpq and for our own connections', () => {
  const full: Conninfo = resolveConninfo(
    `hostaddr=10.0.0.1 host=db1 port=5433 dbname='my db' user='it\\'s' options='-c a=b' connect_timeout=7 keepalives_idle=30 sslmode=disable`,
    around(),
  );

  test('is the same server, database, user, options and time-outs', () => {
    expect(toPg(full, {applicationName: 'x'.repeat(70)})).toMatchObject({
      host: '10.0.0.1',
      port: 5433,
      database: 'my db',
      user: "it's",
      options: '-c a=b',
      connectionTimeoutMillis: 7000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 30_000,
      application_name: 'x'.repeat(63),
      sslAttempts: [false],
    });
    expect(parseConninfo(toLibpq(full, {applicationName: 'x'.repeat(70), encoding: 'SQL_ASCII'}))).toEqual({
      ...full.params,
      application_name: 'x'.repeat(63),
      client_encoding: 'SQL_ASCII',
    });
  });

  test('notices a dead peer on both ends, unless the operator says otherwise', () => {
    expect(full.params).toMatchObject({
      keepalives: '1',
      keepalives_idle: '30',
      keepalives_interval: '10',
      keepalives_count: '6',
    });
    expect(toPg(resolveConninfo('host=a keepalives=0', around()), {applicationName: 'x'}).keepAlive).toBe(false);
  });

  test.each([
    ['disable', [false]],
    ['prefer', [true, false]],
    ['allow', [false, true]],
    ['require', [true]],
    ['verify-ca', [true]],
    ['verify-full', [true]],
  ])('sslmode=%s tries encrypted or not, in this order, and never less than was asked', (mode, encrypted) => {
    const {sslAttempts} = toPg(resolveConninfo(`host=a sslmode=${mode}`, around()), {applicationName: 'x'});
    expect(sslAttempts.map((one) => one !== false)).toEqual(encrypted);
    const verified = sslAttempts.map((one) => one !== false && one.rejectUnauthorized === true);
    expect(verified.includes(true)).toBe(mode.startsWith('verify'));
  });
});

describe('text from elsewhere', () => {
  test('does nothing to a terminal and loses nothing', () => {
    expect(printable('a\u001b[31m\n\u0085\u202eb\u2028\u007f\t')).toBe(String.raw`a\x1b[31m\n\x85\u202eb\u2028\x7f\t`);
    expect(
      describeConninfo({params: {host: 'a\u001b[2J', port: '1', dbname: 'd', user: 'u'}, password: null}),
    ).not.toContain('\u001b');
  });

  test('in a statement is quoted where people and psql read it; a secret is shown as the statement says', () => {
    expect(renderStatement(sql('SELECT $1, $2, $3, "$1"', ["it's", null, ['a', "b'"]]))).toBe(
      `SELECT 'it''s', NULL, ARRAY['a', 'b''']::text[], "$1"`,
    );
    expect(
      renderStatement({...sql("ALTER ROLE x PASSWORD 'hush'"), shown: "ALTER ROLE x PASSWORD '***'"}),
    ).not.toContain('hush');
  });
});

import {chmod, chown, mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {execa} from 'execa';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {resolveConninfo} from '../../../src/config/conninfo/resolve-conninfo.ts';
import {surroundings} from '../../../src/config/conninfo/surroundings.ts';
import {loadConfig} from '../../../src/config/load.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {connect} from '../../../src/pg/session/connect.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import {longhaul} from '../../support/longhaul.ts';

/** A server with a certificate for the name `localhost` alone, from an authority of our own; another authority is not its own. */
describe('TLS means what libpq makes of it', () => {
  let lab: Lab;
  let folder: string;
  let password: string;

  async function openssl(...args: readonly string[]): Promise<void> {
    await execa('openssl', args, {cwd: folder});
  }

  async function makeAuthority(name: string): Promise<void> {
    await openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.crt`,
    );
  }

  beforeAll(async () => {
    lab = await startLab({size: 'tiny'});
    folder = await mkdtemp(join(tmpdir(), 'lh-tls-'));
    await Promise.all([makeAuthority('ours'), makeAuthority('another')]);
    await openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=localhost',
      '-keyout',
      'server.key',
      '-out',
      'server.csr',
    );
    await writeFile(join(folder, 'names'), 'subjectAltName=DNS:localhost');
    await openssl(
      'x509',
      '-req',
      '-in',
      'server.csr',
      '-CA',
      'ours.crt',
      '-CAkey',
      'ours.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      'names',
      '-out',
      'server.crt',
    );
    const {uid, gid} = await stat(lab.source.dataDir);
    for (const name of ['server.key', 'server.crt']) {
      const path = join(lab.source.dataDir, name);
      await writeFile(path, await readFile(join(folder, name)), {mode: 0o600});
      await chown(path, uid, gid);
    }
    await lab.source.sql('ALTER SYSTEM SET ssl = on');
    await lab.source.restart();
    password = (await loadConfig(lab.yamlPath, {})).servers.source.password?.reveal() ?? '';
  });
  afterAll(async () => {
    await lab.stop();
    await rm(folder, {recursive: true, force: true});
  });

  /** How we come in with a conninfo: the TLS version, `plain`, or what was said of it. */
  async function comeIn(words: string): Promise<string> {
    const text = `port=${lab.source.port} user=longhaul dbname=app ${words.replaceAll('DIR', folder)}`;
    const conninfo = resolveConninfo(text, {...surroundings({PGPASSWORD: password}), home: '/nowhere'});
    try {
      const session = await connect('source', conninfo, {
        applicationName: 'test',
        statementTimeoutMs: 5000,
        lockTimeoutMs: 1000,
        readOnly: true,
      });
      const {version} = await session.one(
        sql<{version: string | null}>('SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()'),
      );
      await session.close();
      return version ?? 'plain';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** How psql comes in with the same. */
  async function psqlComesIn(words: string): Promise<boolean> {
    const text = `port=${lab.source.port} user=longhaul dbname=app ${words.replaceAll('DIR', folder)}`;
    const {failed} = await execa(join(lab.source.clientBin, 'psql'), ['-XAtw', '-c', 'SELECT 1', '-d', text], {
      env: {PGPASSWORD: password, HOME: '/nowhere'},
      reject: false,
    });
    return !failed;
  }

  const ROOT = 'sslrootcert=DIR/ours.crt';
  test.each<[string, RegExp]>([
    ['host=localhost sslmode=disable', /^plain$/],
    ['host=localhost sslmode=allow', /^plain$/],
    ['host=localhost', /^TLSv1\.3$/],
    ['host=localhost sslrootcert=DIR/another.crt', /^plain$/],
    ['host=localhost sslmode=require', /^TLSv1\.3$/],
    ['host=localhost sslmode=require sslrootcert=DIR/another.crt', /certificate/],
    ['host=localhost sslmode=require ssl_max_protocol_version=TLSv1.2', /^TLSv1\.2$/],
    ['host=127.0.0.1 sslmode=require', /^TLSv1\.3$/],
    [`host=127.0.0.1 sslmode=verify-ca ${ROOT}`, /^TLSv1\.3$/],
    [`host=127.0.0.1 sslmode=verify-full ${ROOT}`, /does not match|not in the cert/],
    [`host=localhost sslmode=verify-full ${ROOT}`, /^TLSv1\.3$/],
    [`host=localhost hostaddr=127.0.0.1 sslmode=verify-full ${ROOT}`, /^TLSv1\.3$/],
    [`host=other.example hostaddr=127.0.0.1 sslmode=verify-full ${ROOT}`, /not in the cert|does not match/],
    ['host=localhost sslmode=verify-full sslrootcert=DIR/another.crt', /certificate/],
    [
      'host=localhost sslmode=verify-full sslrootcert=DIR/none.crt',
      /sslrootcert cannot be read: .*none.crt: no such file/,
    ],
    ['host=localhost sslmode=require sslcert=DIR/none.crt', /^TLSv1\.3$/],
  ])('%s', async (words, expected) => {
    const how = await comeIn(words);
    expect(how).toMatch(expected);
    expect(await psqlComesIn(words)).toBe(/^(plain|TLSv1\.\d)$/.test(how));
  });

  test('who is not let in is told what to do about it', async () => {
    const conninfo = (words: string, known: string) =>
      resolveConninfo(`host=127.0.0.1 port=${lab.source.port} ${words}`, {
        ...surroundings({PGPASSWORD: known}),
        home: '/nowhere',
      });
    const options = {applicationName: 'test', statementTimeoutMs: 5000, lockTimeoutMs: 1000, readOnly: true};
    const fail = async (words: string, known = password) => connect('source', conninfo(words, known), options);
    await expect(fail('user=longhaul dbname=app', '')).rejects.toMatchObject({
      message: expect.stringContaining('it asks for a password, and none was found'),
      remedy: expect.stringContaining(`127.0.0.1:${lab.source.port}:app:longhaul:PASSWORD in ~/.pgpass`),
    });
    await expect(fail('user=longhaul dbname=app', 'wrong')).rejects.toMatchObject({
      message: expect.stringContaining('password authentication failed'),
      remedy: expect.stringContaining('~/.pgpass'),
    });
    await expect(fail('user=longhaul dbname=none')).rejects.toMatchObject({
      remedy: expect.stringContaining('mend dbname of `source`'),
    });
  });

  test('check says that the tools do not come in where only we do', async () => {
    const yaml = await readFile(lab.yamlPath, 'utf8');
    // libpq does not take a key that others may read; Node does.
    await chmod(join(folder, 'another.key'), 0o644);
    const certificate = `sslmode=require sslcert=${folder}/another.crt sslkey=${folder}/another.key`;
    await writeFile(lab.yamlPath, yaml.replace(/^(source: .*)$/m, `$1 ${certificate}`));
    const {stdout, code} = await longhaul(lab, 'check');
    expect(code).toBe(1);
    expect(stdout).toContain('could not log into the source with psql, as a lane would');
    expect(stdout).toContain('has group or world access');
  });
});

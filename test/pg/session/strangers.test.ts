import {describe, expect, test} from 'vitest';
import {connect} from '../../../src/pg/session/connect.ts';
import {isFirstOfPostgres} from '../../../src/pg/session/connect-client.ts';
import {barePostgres, listen, STRANGERS, type Stranger} from '../../support/strangers.ts';

const OPTIONS = {applicationName: 'longhaul/acme/run', statementTimeoutMs: 60_000, lockTimeoutMs: 1000, readOnly: true};

/** How the attempt to reach it ended, and after how long. */
async function reach(stranger: Stranger, {sslmode = 'prefer', signal}: {sslmode?: string; signal?: AbortSignal} = {}) {
  const {port, sockets} = await listen(stranger);
  const params = {host: '127.0.0.1', port: String(port), dbname: 'app', user: 'ana', sslmode, connect_timeout: '2'};
  const began = performance.now();
  const error: unknown = await connect('source', {params, password: null}, {...OPTIONS, signal}).catch(
    (one: unknown) => one,
  );
  return {error, tookMs: performance.now() - began, sockets};
}

const MODES = ['prefer', 'disable', 'require'] as const;
const SPEAKING = [
  ['ssh', 'SSH-2.0-OpenSSH_9.2p1 Debian-2'],
  ['http', 'HTTP/1.1 400 Bad Request'],
  ['mysql', String.raw`J\x00\x00\x00`],
  ['vnc', 'RFB 003.008'],
] as const;

describe('a port where somebody else listens', () => {
  test.concurrent.each(SPEAKING.flatMap(([name, words]) => MODES.map((sslmode) => ({name, words, sslmode}))))(
    '$name, sslmode $sslmode: it is told at once what it says',
    async ({name, words, sslmode}) => {
      const {error, tookMs} = await reach(STRANGERS[name](), {sslmode});
      expect(error).toMatchObject({
        code: 'unreachable',
        message: expect.stringContaining(`no PostgreSQL, it says "${words}`),
        remedy: expect.stringContaining('host and port of `source`'),
      });
      expect(tookMs).toBeLessThan(1_900);
    },
  );

  test.concurrent.each(
    (['nobody', 'silentTls', 'silentLogin'] as const).flatMap((name) => MODES.map((sslmode) => ({name, sslmode}))),
  )('$name, sslmode $sslmode: connect_timeout is for all attempts together', async ({name, sslmode}) => {
    const {error, tookMs} = await reach(STRANGERS[name](), {sslmode});
    expect(error).toMatchObject({code: 'unreachable'});
    expect(tookMs).toBeLessThan(3_500);
  });

  test('that says nothing is told so, with what to see to', async () => {
    const {error, sockets} = await reach(STRANGERS.nobody());
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /the port takes connections, and nobody there let this one in within 2 s \(timeouts.connect/,
      ),
      remedy: expect.stringContaining('a tunnel or pooler'),
    });
    await expect.poll(() => sockets.size).toBe(0);
  });
});

test('a server that lets in and then answers nothing is given up in the same time', async () => {
  const lets = barePostgres();
  const {error, tookMs} = await reach(
    (socket) => {
      lets(socket);
      socket.once('data', () => socket.removeAllListeners('data'));
    },
    {sslmode: 'disable'},
  );
  expect(error).toMatchObject({code: 'unreachable', message: expect.stringContaining('within 2 s')});
  expect(tookMs).toBeLessThan(3_500);
});

test('an attempt that nobody waits for any more ends at once, and leaves no connection', async () => {
  const stop = new AbortController();
  const {error, tookMs, sockets} = await reach((socket) => void socket.once('data', () => stop.abort()), {
    signal: stop.signal,
  });
  expect(error).toMatchObject({code: 'unreachable'});
  expect(tookMs).toBeLessThan(1_900);
  await expect.poll(() => sockets.size).toBe(0);
});

test.each<[string, boolean, boolean]>([
  ['S', true, true],
  ['N', true, true],
  ['SSH-2.0', true, false],
  ['E\0\0\0\x20SFATAL', true, true],
  ['R\0\0\0\x08\0\0\0\0', true, false],
  ['R\0\0\0\x08\0\0\0\0', false, true],
  ['E\0\0\0\x20SFATAL', false, true],
  ['v\0\0\0\x0c', false, true],
  ['RFB 003.008\n', false, false],
  ['R', false, true],
  ['N', false, true],
  ['S', false, false],
  ['HTTP/1.1', false, false],
  ['', false, false],
])('%j, to the question for TLS (%j), is a word of PostgreSQL: %j', (answer, isAskedForTls, is) => {
  expect(isFirstOfPostgres(Buffer.from(answer, 'latin1'), isAskedForTls)).toBe(is);
});

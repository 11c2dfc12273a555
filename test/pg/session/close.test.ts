import {createServer, type AddressInfo, type Socket} from 'node:net';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {connect} from '../../../src/pg/session/connect.ts';

const message = (type: string, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
};
const number = (value: number, bytes: 2 | 4): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeIntBE(value, 0, bytes);
  return buffer;
};
const READY = message('Z', Buffer.from('I'));
const DONE = message('C', Buffer.from('SET\0'));
const COLUMN = [number(0, 4), number(0, 2), number(23, 4), number(4, 2), number(-1, 4), number(0, 2)];
const VERSION = [
  message('T', number(1, 2), Buffer.from('version\0'), ...COLUMN),
  message('D', number(1, 2), number(6, 4), Buffer.from('160000')),
];

/** A server that answers until it is cut off from the network: then it hears nothing, not even a goodbye. */
const server = createServer({allowHalfOpen: true}, (socket) => {
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    const text = data.toString('latin1');
    if (!text.startsWith('Q')) socket.write(Buffer.concat([message('R', number(0, 4)), READY]));
    else if (text.includes('server_version_num')) socket.write(Buffer.concat([...VERSION, DONE, READY]));
    else socket.write(Buffer.concat([DONE, READY]));
    if (text.includes('SET search_path')) socket.removeAllListeners('data');
  });
  sockets.push(socket);
});
const sockets: Socket[] = [];

beforeAll(
  async () =>
    new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    }),
);
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

test('a session of a server that is silent is closed all the same, in a moment', async () => {
  const {port} = server.address() as AddressInfo;
  const params = {host: '127.0.0.1', port: String(port), dbname: 'app', user: 'ana', sslmode: 'disable'};
  const session = await connect(
    'replica',
    {params, password: null},
    {applicationName: 'longhaul/acme/run', statementTimeoutMs: 1000, lockTimeoutMs: 1000, readOnly: false},
  );
  const began = Date.now();
  await session.close();
  expect(Date.now() - began).toBeLessThan(4_000);
  expect(session.lost).toBe(true);
});

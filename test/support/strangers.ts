import {createServer, type AddressInfo, type Socket} from 'node:net';
import {onTestFinished} from 'vitest';

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
  message('T', number(1, 2), Buffer.from('server_version_num\0'), ...COLUMN),
  message('D', number(1, 2), number(6, 4), Buffer.from('160000')),
];

/** What a stranger on the port does with a connection. */
export type Stranger = (socket: Socket) => void;

/** Says this as soon as it is asked anything, and nothing more. */
const says =
  (...answers: (string | Buffer)[]): Stranger =>
  (socket) =>
    void socket.on('data', () => {
      const answer = answers.shift();
      if (answer !== undefined) socket.write(answer);
    });

/** Who may listen where PostgreSQL was expected; each gets a new one, for it may count what it is asked. */
export const STRANGERS = {
  nobody: () => () => undefined,
  ssh: () => (socket) => void socket.write('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'),
  http: () => says('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
  mysql: () => (socket) => void socket.write(Buffer.from('4a0000000a352e352e352d31302e362e3132', 'hex')),
  vnc: () => (socket) => void socket.write('RFB 003.008\n'),
  /** It seems to take TLS, and says no more. */
  silentTls: () => says('S'),
  /** Has no TLS, lets everybody in, and never gets ready. */
  silentLogin: () => says('N', message('R', number(0, 4))),
} satisfies Record<string, () => Stranger>;

/** Lets everybody in after `afterMs`, tells its version, takes settings, and from then on hears nothing, not even a goodbye. */
export const barePostgres =
  ({afterMs = 0} = {}): Stranger =>
  (socket) =>
    void socket.on('data', (data) => {
      const text = data.toString('latin1');
      if (!text.startsWith('Q'))
        setTimeout(() => socket.write(Buffer.concat([message('R', number(0, 4)), READY])), afterMs);
      else if (text.includes('server_version_num')) socket.write(Buffer.concat([...VERSION, DONE, READY]));
      else socket.write(Buffer.concat([DONE, READY]));
      if (text.includes('SET search_path')) socket.removeAllListeners('data');
    });

/** Listens until the test is over. Gives the port, and the connections that the other end has not closed. */
export async function listen(stranger: Stranger): Promise<{port: number; sockets: ReadonlySet<Socket>}> {
  const sockets = new Set<Socket>();
  const server = createServer({allowHalfOpen: true}, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('end', () => sockets.delete(socket));
    stranger(socket);
    socket.resume();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {port: (server.address() as AddressInfo).port, sockets};
}

import {randomInt} from 'node:crypto';
import {createServer} from 'node:net';

/** Below the ephemeral range (32768 on Linux), so that no outgoing connection takes the port before the server binds it. */
const FIRST = 21_000;
const LAST = 32_000;

/** Ports of 127.0.0.1 on which nothing listens now: `[24117, 30021, 21880]`. Throws when none is found in a hundred tries. */
export async function findFreePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count; tries += 1) {
    if (tries === 100) throw new Error('lab: no free port was found on 127.0.0.1');
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({port, host: '127.0.0.1', exclusive: true}, () => server.close(() => resolve(true)));
  });
}

import {once} from 'node:events';
import {connect, createServer, type AddressInfo, type Socket} from 'node:net';

/** A way to a server that can be cut, as a network is. */
export interface Way {
  readonly port: number;
  /** Ends every connection, and refuses new ones until it is mended. */
  cut(): void;
  /** Lets nothing through, either way, and ends nothing: what was sent meanwhile arrives once it is mended. */
  hold(): void;
  mend(): void;
  close(): void;
}

/** Both ends of a connection. */
interface Pair {
  readonly from: Socket;
  readonly to: Socket;
}

/** A way to a port of this machine. */
export async function wayTo(port: number): Promise<Way> {
  const open = new Set<Pair>();
  let state: 'open' | 'cut' | 'held' = 'open';
  const join = ({from, to}: Pair): void => {
    from.pipe(to);
    to.pipe(from);
  };
  const server = createServer((from) => {
    if (state === 'cut') {
      from.destroy();
      return;
    }
    const pair = {from, to: connect(port, '127.0.0.1')};
    open.add(pair);
    for (const one of [pair.from, pair.to]) {
      one.on('error', () => undefined);
      one.on('close', () => {
        open.delete(pair);
        pair.from.destroy();
        pair.to.destroy();
      });
    }
    if (state === 'open') join(pair);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port: own} = server.address() as AddressInfo;
  const cut = (): void => {
    state = 'cut';
    for (const {from, to} of open) {
      from.destroy();
      to.destroy();
    }
  };
  return {
    port: own,
    cut,
    hold: () => {
      state = 'held';
      for (const {from, to} of open) {
        from.unpipe(to);
        to.unpipe(from);
      }
    },
    mend: () => {
      if (state === 'held') for (const pair of open) join(pair);
      state = 'open';
    },
    close: () => {
      cut();
      server.close();
    },
  };
}

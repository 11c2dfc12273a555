import {once} from 'node:events';
import {connect, createServer, type AddressInfo, type Socket} from 'node:net';

/** A way to a server that can be cut, as a network is. */
export interface Way {
  readonly port: number;
  /** Ends every connection, and refuses new ones until it is mended. */
  cut(): void;
  mend(): void;
  close(): void;
}

/** A way to a port of this machine. */
export async function wayTo(port: number): Promise<Way> {
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((from) => {
    if (isCut) {
      from.destroy();
      return;
    }
    const to = connect(port, '127.0.0.1');
    for (const one of [from, to]) {
      open.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        open.delete(one);
        from.destroy();
        to.destroy();
      });
    }
    from.pipe(to).pipe(from);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port: own} = server.address() as AddressInfo;
  const cut = (): void => {
    isCut = true;
    for (const one of open) one.destroy();
  };
  return {
    port: own,
    cut,
    mend: () => (isCut = false),
    close: () => {
      cut();
      server.close();
    },
  };
}

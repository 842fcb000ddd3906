import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** How a way treats what passes: as it comes, not at all while its connections stay open, or after a while in each direction. */
export type WayMode = 'open' | 'silent' | { readonly delayMs: number };

/** A TCP way to a server of this machine whose manners can be changed while connections are open. */
export interface RoughWay {
  readonly address: string;
  mode: WayMode;
  /** Ends the connections that are open, and takes new ones. */
  cut(): void;
  close(): Promise<void>;
}

/** Starts an open way to a port. What comes while it is silent is kept in order, and passed on once it is not. */
export async function startRoughWay(targetPort: number): Promise<RoughWay> {
  const sockets = new Set<Socket>();
  const waiting: (() => void)[] = [];
  let mode: WayMode = 'open';
  const pass = (from: Socket, to: Socket): void => {
    let last: Promise<void> = Promise.resolve();
    from.on('data', (bytes: Buffer) => {
      const due = mode === 'open' ? undefined : mode === 'silent' ? spoken() : after(mode.delayMs);
      last = last.then(() => due).then(() => void (to.writable && to.write(bytes)));
    });
  };
  const spoken = (): Promise<void> => new Promise((resolve) => void waiting.push(resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
    }
    pass(client, upstream);
    pass(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    address: `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    get mode() {
      return mode;
    },
    set mode(next) {
      mode = next;
      if (next !== 'silent') for (const speak of waiting.splice(0)) speak();
    },
    cut,
    async close() {
      server.close();
      cut();
    },
  };
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { IoGate, IoProxy, Role } from '../io-call.ts';

/** One connection through a proxy; whoever converses passes the bytes on. */
export interface TcpLink {
  readonly id: number;
  readonly client: Socket;
  readonly upstream: Socket;
  /** Breaks it, in both directions. */
  cut(): void;
  /** Lets it be silent, in both directions: neither side learns that the other has gone, until the proxy is told to thaw. */
  freeze(): void;
}

/** Between whom a proxy stands, and who decides what it lets through. */
export interface TcpProxyOptions {
  /** Of the server behind it. */
  readonly url: string;
  readonly role: Role;
  readonly gate: IoGate;
}

/** Starts a proxy on loopback that has each connection conversed with. */
export async function startTcpProxy(
  { url, role, gate }: TcpProxyOptions,
  converse: (link: TcpLink, role: Role, gate: IoGate) => void,
): Promise<IoProxy> {
  const { hostname: host, port } = new URL(url);
  const sockets = new Set<Socket>();
  const frozen = new Set<Socket>();
  let links = 0;
  const server = createServer((client) => {
    const upstream = connect({ host, port: Number(port) });
    let isFrozen = false;
    const end = (): void => {
      if (isFrozen) return;
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('end', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    links += 1;
    const link: TcpLink = {
      id: links,
      client,
      upstream,
      cut() {
        client.resetAndDestroy();
        upstream.destroy();
      },
      freeze() {
        isFrozen = true;
        for (const socket of [client, upstream]) frozen.add(socket.pause());
      },
    };
    converse(link, role, gate);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    thaw() {
      for (const socket of frozen) socket.destroy();
      frozen.clear();
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

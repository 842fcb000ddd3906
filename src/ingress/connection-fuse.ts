import type { Server } from 'node:http';
import type { Socket } from 'node:net';

import type { Log } from '../contracts/names.ts';

/** Decides which connection goes when there are too many. */
export interface ConnectionFuse {
  /** Takes note that a connection has brought something signed: it stays. */
  trust(socket: Socket): void;
}

const SAY_EVERY_MS = 10_000;

/**
 * Keeps a listener's connections at a limit: with one more, the oldest that has brought nothing signed is closed, whatever it is
 * doing, and the newcomer has its chance. So strangers who hold connections push out each other and never a known sender; where
 * every connection is a known sender's, it is the newcomer that is closed. It says at most every 10 s how many were.
 */
export function createConnectionFuse({
  server,
  limit,
  log,
  now,
}: {
  readonly server: Server;
  readonly limit: number;
  readonly log: Log;
  readonly now: () => Date;
}): ConnectionFuse {
  const strangers = new Map<string, Socket>(); // in the order in which they came
  let open = 0;
  let givenUp = 0;
  let saidAt = Number.NEGATIVE_INFINITY;
  server.on('connection', (socket) => {
    const peer = toPeer(socket);
    open += 1;
    strangers.set(peer, socket);
    socket.once('close', () => {
      if (strangers.get(peer) === socket) strangers.delete(peer);
      open -= 1;
    });
    if (open > limit) giveUpOldest();
  });
  return { trust: (socket) => void strangers.delete(toPeer(socket)) };

  function giveUpOldest(): void {
    const [oldest] = strangers; // there is one: the newcomer
    if (oldest === undefined) return;
    const [peer, socket] = oldest;
    strangers.delete(peer);
    socket.destroy();
    givenUp += 1;
    say();
  }

  function say(): void {
    const at = now().getTime();
    if (at - saidAt < SAY_EVERY_MS) return;
    log.warn({ component: 'ingress', count: givenUp }, 'connections given up');
    [givenUp, saidAt] = [0, at];
  }
}

/** A connection's other end; under TLS the request's socket is another than the listener's, and this is the same. */
function toPeer({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

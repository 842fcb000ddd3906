import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { probe } from './probe.ts';
import type { Probed } from './probe.ts';
import type { Edge } from './start-edge.ts';

/** How a connection is held: without a word, a head that never ends, a body that never ends, or an unsigned request and then nothing. */
export const HOLDS = ['silent', 'slowHead', 'slowBody', 'unsigned'] as const;
export type Hold = (typeof HOLDS)[number];

/** What came of it. */
export interface HeldConnections {
  readonly hold: Hold;
  /** Connections that were opened, each again when it was cut. */
  readonly connections: number;
  /** How many were opened in place of those that were cut. */
  readonly reopened: number;
  /** How many were open at the ingress in the end. */
  readonly open: number;
  readonly quiet: Probed;
  readonly held: Probed;
  readonly rssMb: number;
}

/** What is needed to hold them. */
export interface HoldOptions {
  readonly edge: Edge;
  readonly hold: Hold;
  readonly connections: number;
  /** How long honest senders are watched, each time. */
  readonly forMs: number;
  readonly now: () => Date;
}

const DRIP_MS = 500;
const STARTS: Readonly<Record<Hold, string>> = {
  silent: '',
  slowHead: 'POST /webhooks/hookline HTTP/1.1\r\nHost: a\r\n',
  slowBody: 'POST /webhooks/hookline HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n',
  unsigned: 'POST /webhooks/hookline HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}',
};
const DRIPS: Readonly<Record<Hold, string>> = { silent: '', slowHead: 'X-Drip: 1\r\n', slowBody: 'x', unsigned: '' };

/** Holds so many connections, opening each anew when it is cut, while new honest senders come. */
export async function holdConnections({ edge, hold, connections, forMs, now }: HoldOptions): Promise<HeldConnections> {
  const { port } = edge;
  const common = { port, forMs, everyMs: 20, isNew: true, now };
  const quiet = await probe(common);
  const sockets = new Set<Socket>();
  let reopened = 0;
  let stopped = false;
  const open = (): void => {
    const socket = connect({ port, host: '127.0.0.1' });
    sockets.add(socket);
    socket.on('connect', () => STARTS[hold] !== '' && socket.write(STARTS[hold]));
    socket.on('error', () => undefined); // a reset is seen as the close that follows
    socket.resume();
    socket.on('close', () => {
      sockets.delete(socket);
      if (stopped) return;
      reopened += 1;
      setTimeout(() => stopped || open(), DRIP_MS);
    });
  };
  for (let made = 0; made < connections; made += 1) {
    open();
    if (made % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const drip = setInterval(() => {
    for (const socket of sockets) if (DRIPS[hold] !== '' && !socket.connecting) socket.write(DRIPS[hold]);
  }, DRIP_MS);
  await new Promise((resolve) => setTimeout(resolve, 1_000)); // the last of them are accepted
  const held = await probe(common);
  const { openConnections, rssMb } = await edge.report();
  stopped = true;
  clearInterval(drip);
  for (const socket of sockets) socket.destroy();
  return { hold, connections, reopened, open: openConnections, quiet, held, rssMb };
}

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import type { Random } from '../random.ts';
import { LINES, type DrillNetwork, type Line, type LineFault } from './network.ts';
import { relay, type Relay } from './relay.ts';

/** Options of `startNetwork`. */
export interface NetworkOptions {
  /** Where each line leads: `host:port`. Nobody need be there yet. */
  readonly addresses: Readonly<Record<Line, string>>;
  readonly random: Random;
  /** How late answers of a slow line are. @default 1 to 3 s */
  readonly slowMs?: readonly [least: number, most: number];
}

interface OpenLine {
  readonly server: Server;
  readonly relays: Set<Relay>;
  fault: LineFault | undefined;
}

/**
 * Starts a relay on loopback for each line, in this process. One of our own: toxiproxy 2.12 hangs for good when a connection breaks at
 * the moment at which a fault comes or goes, and here both happen all the time.
 */
export async function startNetwork({ addresses, random, slowMs = [1_000, 3_000] }: NetworkOptions): Promise<DrillNetwork> {
  const open = new Map<Line, OpenLine>();
  for (const line of LINES) {
    const [host = '', port = ''] = addresses[line].split(':');
    const relays = new Set<Relay>();
    // whoever has said all still hears the answer
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
      const far = connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true });
      const one = relay({ near, far, faultNow: () => it.fault, random, slowMs, onClosed: () => relays.delete(one) });
      relays.add(one);
    });
    const it: OpenLine = { server, relays, fault: undefined };
    open.set(line, it);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  const at = (line: Line): OpenLine => {
    const found = open.get(line);
    if (found === undefined) throw new Error(`there is no line to ${line}`);
    return found;
  };
  return {
    addressOf: (line) => `127.0.0.1:${(at(line).server.address() as AddressInfo).port}`, // it listens on a port
    break(line, fault) {
      if (at(line).fault !== undefined) throw new Error(`the line to ${line} is broken already`);
      at(line).fault = fault;
    },
    cut(line) {
      for (const one of at(line).relays) one.cut();
    },
    mend(line) {
      at(line).fault = undefined;
      for (const one of at(line).relays) one.mend();
    },
    async close() {
      for (const { server, relays } of open.values()) {
        server.close();
        for (const one of relays) one.cut();
      }
    },
  };
}

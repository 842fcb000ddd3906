import { once } from 'node:events';
import { connect, createServer } from 'node:net';

import { HooklineError } from '../contracts/errors.ts';

const LOOPBACK = '127.0.0.1';
/** How many ports above the preferred one are tried. */
const NEXT_PORTS = 100;

/** Which port is wanted. */
export interface FreePortOptions {
  /** The address that will be bound; a port may be free on one address and taken on another. */
  readonly host: string;
  /** The port to take if it is free. @default any free port */
  readonly preferred?: number | undefined;
  /** Refuse a taken port instead of going on to the next. @default false */
  readonly strict?: boolean;
  /** Ports that are promised to others and not bound yet. */
  readonly except?: ReadonlySet<number>;
}

/**
 * A TCP port that nothing was bound to at the time of the call: the preferred one, else the next above it. It is not held;
 * bind it at once. Throws `stack.portTaken` where `strict` forbids another, or where the next 100 are taken as well.
 */
export async function findFreePort({ host, preferred, strict = false, except }: FreePortOptions): Promise<number> {
  if (preferred === undefined) return anyFreePort(host, except);
  const last = strict ? preferred : Math.min(preferred + NEXT_PORTS, 65_535);
  for (let port = preferred; port <= last; port++) {
    if (except?.has(port) !== true && (await isPortFree(port, host))) return port;
  }
  throw new HooklineError('stack.portTaken', {
    expected: last === preferred ? `port ${preferred} free` : `one of the ports ${preferred} to ${last} free`,
    where: `address ${host}`,
  });
}

async function anyFreePort(host: string, except: ReadonlySet<number> | undefined): Promise<number> {
  for (;;) {
    const port = await freePort(host);
    if (except?.has(port) !== true) return port;
  }
}

/**
 * A port of the system's choice that nothing is bound to, and that the system gives to nobody else for about a minute.
 *
 * Linux gives ports out at random, so two callers could get the same one. A connection that the listening side closes first
 * leaves the port in TIME_WAIT, where it is not given out again but can still be bound by its number.
 */
export async function freePort(host: string = LOOPBACK): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no TCP address');
  const client = connect(address.port, host);
  client.resume();
  client.on('error', () => {}); // a reset is as good as an end here
  await once(client, 'close');
  server.close();
  await once(server, 'close');
  return address.port;
}

/** Tells whether nothing is bound to a port of an address at the time of the call. */
export async function isPortFree(port: number, host: string = LOOPBACK): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/** EACCES: a port below 1024 without the right to it is as good as taken. */
function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
}

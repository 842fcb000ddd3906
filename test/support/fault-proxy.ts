import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** When a trap springs: before the bytes are passed on (and they never are), right after, or when their answer is there. */
export type TrapPoint = 'beforeForward' | 'afterForward' | 'afterReply';

/** A fault that waits for bytes. */
export interface Trap {
  readonly point: TrapPoint;
  /** Text in the bytes that the client sends: a statement's name, a final dot. */
  readonly text: string;
  /** What happens, once, with the connection stopped. */
  readonly act: () => void;
}

/** A TCP proxy that passes everything on, until a trap springs: then its connection is dead in both directions. */
export interface FaultProxy {
  readonly port: number;
  /** Sets a trap; the promise resolves when it has sprung. */
  arm(trap: Trap): Promise<void>;
  /** Resolves when the text passes by, and changes nothing. */
  watch(text: string): Promise<void>;
  close(): Promise<void>;
}

/** How much of the piece before is looked at again; longer than any text that is looked for. */
const TAIL_BYTES = 64;

/** Starts a proxy to a port of this machine. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const armed = new Set<Trap & { readonly sprung: () => void }>();
  const watched = new Set<{ readonly text: string; readonly seen: () => void }>();
  const sockets = new Set<Socket>();

  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1');
    let dead = false;
    let tail = Buffer.alloc(0);
    let awaiting: (Trap & { readonly sprung: () => void }) | null = null;
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
    const spring = (trap: Trap & { readonly sprung: () => void }): void => {
      dead = true;
      trap.act();
      trap.sprung();
      setTimeout(() => client.destroy(), 50);
    };
    client.on('data', (bytes: Buffer) => {
      if (dead) return;
      // A text may come in two pieces: look at the end of the piece before as well.
      const seenSoFar = Buffer.concat([tail, bytes]);
      tail = seenSoFar.subarray(-TAIL_BYTES);
      const passes = ({ text }: { readonly text: string }): boolean =>
        seenSoFar.includes(text) && seenSoFar.lastIndexOf(text) + text.length > seenSoFar.length - bytes.length;
      for (const watch of [...watched].filter(passes)) {
        watched.delete(watch);
        watch.seen();
      }
      const trap = [...armed].find(passes);
      if (trap === undefined) return void upstream.write(bytes);
      armed.delete(trap);
      if (trap.point === 'beforeForward') return spring(trap);
      upstream.write(bytes);
      if (trap.point === 'afterForward') spring(trap);
      else awaiting = trap;
    });
    upstream.on('data', (bytes: Buffer) => {
      if (dead) return;
      if (awaiting === null) return void client.write(bytes);
      spring(awaiting);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();

  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    watch: (text) => new Promise((seen) => void watched.add({ text, seen })),
    arm: (trap) => new Promise((sprung) => void armed.add({ ...trap, sprung })),
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The same URL, through a proxy. */
export function through(url: string, proxy: FaultProxy): string {
  const changed = new URL(url);
  changed.port = String(proxy.port);
  return changed.href;
}

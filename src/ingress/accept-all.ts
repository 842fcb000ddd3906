import type { Server } from 'node:net';

/** Who keeps coming faster than he is accepted cannot keep a listener open for longer. */
const MOST_MS = 1_000;

/**
 * Calls back once everybody who has connected to a listener is accepted, in the very turn of the event loop that has found nobody; closed
 * then, it resets nobody: the kernel resets whoever has connected and is not accepted, and Node accepts one a turn.
 */
export function acceptAll(server: Server, onAll: () => void): void {
  const until = performance.now() + MOST_MS;
  let accepted = 0;
  const count = (): void => void (accepted += 1);
  const look = (known: number): void => {
    if (accepted === known || performance.now() > until) {
      server.off('connection', count);
      onAll();
    } else {
      setImmediate(look, accepted);
    }
  };
  server.on('connection', count);
  setImmediate(() => setImmediate(look, accepted));
}

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { EdgeOptions, EdgeReport, FromEdge, ToEdge } from './edge-messages.ts';

/** An ingress in a process of its own, so that what it suffers can be told from what its attacker does. */
export interface Edge {
  readonly port: number;
  /** What it has seen since it was asked last. Rejects where it has died. */
  report(): Promise<EdgeReport>;
  /** Set once it has ended by itself. */
  crash(): string | undefined;
  close(): Promise<void>;
}

/** Starts one, and resolves when it listens. */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const child = fork(fileURLToPath(new URL('./edge-process.ts', import.meta.url)), {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr = `${stderr}${text}`.slice(-4_000)));
  let crash: string | undefined;
  let closing = false;
  const ended = once(child, 'exit').then(([code, signal]) => {
    if (!closing) crash = `ended with ${String(code ?? signal)}: ${stderr}`;
  });
  const tell = (message: ToEdge): void => void (child.connected && child.send(message));
  const hear = async (): Promise<FromEdge> => {
    const heard = await Promise.race([once(child, 'message'), ended]);
    if (!Array.isArray(heard)) throw new Error(`the ingress ${crash ?? 'has ended'}`);
    return heard[0] as FromEdge; // its only messages
  };
  tell({ kind: 'start', options });
  const ready = await hear();
  if (ready.kind !== 'ready') throw new Error('expected the ingress to listen');
  return {
    port: ready.port,
    async report() {
      tell({ kind: 'report' });
      const heard = await hear();
      if (heard.kind !== 'report') throw new Error('expected a report');
      return heard.report;
    },
    crash: () => crash,
    async close() {
      closing = true;
      tell({ kind: 'stop' });
      await ended;
    },
  };
}

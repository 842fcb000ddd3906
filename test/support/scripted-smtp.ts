import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { converseSmtp } from '../../scripts/drill/converse-smtp.ts';

/** What a scripted SMTP server answers at its points; change it between mails. */
export interface SmtpScript {
  /** The reply to a recipient. */
  atRecipient: string;
  /** The reply after the final dot, or `drop` to end the connection in its place. */
  afterDot: string;
  /** How long it thinks before each of the two, in milliseconds. */
  thinkMs: number;
}

/** A real SMTP server on a socket, of the few lines that it takes to misbehave on purpose. */
export interface ScriptedSmtp {
  readonly url: string;
  readonly port: number;
  readonly script: SmtpScript;
  /** Every message whose final dot has come, whatever was answered. */
  readonly received: readonly string[];
  /** How many connections have been made. */
  connections(): number;
  close(): Promise<void>;
}

/** Starts one that takes every mail until its script is changed. */
export async function startScriptedSmtp(initial: Partial<SmtpScript> = {}): Promise<ScriptedSmtp> {
  const script: SmtpScript = { atRecipient: '250 ok', afterDot: '250 taken', thinkMs: 0, ...initial };
  const received: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    converse(socket, script, received);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    script,
    received,
    connections: () => connections,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function converse(socket: Socket, script: SmtpScript, received: string[]): void {
  converseSmtp(socket, {
    onRecipient: (_line, say) => void setTimeout(() => say(script.atRecipient), script.thinkMs),
    onMessage(text, say) {
      received.push(text);
      setTimeout(() => (script.afterDot === 'drop' ? socket.destroy() : say(script.afterDot)), script.thinkMs);
    },
  });
}

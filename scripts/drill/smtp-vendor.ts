import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { converseSmtp, type Say } from './converse-smtp.ts';
import type { Random } from './random.ts';
import type { VendorLog } from './vendor-log.ts';
import { isPerformed, nextFault, type VendorFault, type VendorMood } from './vendor-mood.ts';

/** A mail server. */
export interface SmtpVendor {
  readonly url: string;
  close(): Promise<void>;
}

/** Options of `startSmtpVendor`. */
export interface SmtpVendorOptions {
  readonly log: VendorLog;
  readonly mood: VendorMood;
  readonly random: Random;
}

/** Replies that refuse a mail once it has been read; without one the server has taken it. */
const REFUSALS: Readonly<Partial<Record<VendorFault, string>>> = {
  rateLimited: '450 4.7.1 too many mails, come later',
  refused: '550 5.1.1 no such mailbox',
  error: '451 4.3.0 not now',
};

/**
 * Starts a mail server on loopback that reads each mail whole, writes it to its log, on disk, and then has its mood: so the client can
 * know no more than what it was told after the final dot. `errorAfter`, `endless` and `dribble` mean nothing to it: it has taken the mail.
 */
export async function startSmtpVendor(options: SmtpVendorOptions): Promise<SmtpVendor> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    converse(socket, options);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `smtp://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function converse(socket: Socket, options: SmtpVendorOptions): void {
  let recipient = '';
  converseSmtp(socket, {
    onRecipient(line, say) {
      recipient = /^RCPT TO:<([^>]*)>/i.exec(line)?.[1] ?? recipient;
      say('250 ok');
    },
    onMessage: (text, say) => void takeMail({ socket, say, recipient, text, options }).catch(() => socket.destroy()),
  });
}

async function takeMail({
  socket,
  say,
  recipient,
  text,
  options: { log, mood, random },
}: {
  readonly socket: Socket;
  readonly say: Say;
  readonly recipient: string;
  readonly text: string;
  readonly options: SmtpVendorOptions;
}): Promise<void> {
  const fault = nextFault(mood, random);
  await log.add({
    vendor: 'mail',
    key: /^Message-ID: <([^@>]*)@/im.exec(text)?.[1] ?? 'no Message-ID',
    about: recipient,
    bodySha256: createHash('sha256').update(text).digest('hex'),
    version: null,
    performed: isPerformed(fault),
    answer: fault ?? 'ok',
  });
  if (fault === 'resetBefore' || fault === 'resetAfter') return void socket.resetAndDestroy();
  if (fault === 'silent') return;
  const reply = (fault === undefined ? undefined : REFUSALS[fault]) ?? '250 taken';
  setTimeout(say, fault === 'slow' ? mood.slowMs : 0, reply);
}

import { once } from 'node:events';

import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

import type { Log } from '../../contracts/names.ts';
import type { MailStore } from './mail-store.ts';

const HOST = '127.0.0.1';
const CLOSE_TIMEOUT_MS = 1_000;

/** Largest message, as it is said in reply to EHLO (RFC 1870). */
const MAIL_LIMIT_BYTES = 10 * 1024 * 1024;

/** A running SMTP server. */
export interface CatchingSmtp {
  readonly port: number;
  close(): Promise<void>;
}

/** Takes mails for every recipient on loopback, and says 250 only when a mail is on disk; 552 for one over 10 MiB, 451 where it cannot be kept. */
export async function catchMails({
  port = 0,
  store,
  log,
}: {
  readonly port?: number | undefined;
  readonly store: MailStore;
  readonly log: Log;
}): Promise<CatchingSmtp> {
  const server = new SMTPServer({
    banner: 'Hookline mail catcher',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true, // it would ask the network for names
    size: MAIL_LIMIT_BYTES,
    closeTimeout: CLOSE_TIMEOUT_MS,
    logger: false,
    onData: (stream, session, done) => {
      void keep({ stream, session, store }).then(
        (id) => done(null, `kept as ${id}`),
        (err: unknown) => {
          if (!(err instanceof SmtpReply)) log.error({ component: 'mail-catcher', err }, 'a mail could not be kept');
          done(err instanceof SmtpReply ? err : new SmtpReply(451, 'the mail could not be kept'));
        },
      );
    },
  });
  server.on('error', (err) => log.warn({ component: 'mail-catcher', err }, 'an SMTP connection has failed'));
  const listener = server.listen(port, HOST);
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no TCP address');
  return { port: address.port, close: () => new Promise((closed) => server.close(() => closed())) };
}

/** A refusal with its code; `smtp-server` reads `responseCode`. */
class SmtpReply extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

async function keep({
  stream,
  session,
  store,
}: {
  readonly stream: SMTPServerDataStream;
  readonly session: SMTPServerSession;
  readonly store: MailStore;
}): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    // no encoding is set, so chunks are buffers
    if (stream.sizeExceeded) chunks.length = 0; // read to the end all the same, so that the sender gets the answer
    else chunks.push(chunk);
  }
  if (stream.sizeExceeded) throw new SmtpReply(552, `the message is larger than ${MAIL_LIMIT_BYTES} bytes`);
  const { mailFrom, rcptTo } = session.envelope;
  const envelope = { from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address) };
  const { id } = await store.add({ envelope, raw: Buffer.concat(chunks) });
  return id;
}

import type { Log } from '../contracts/names.ts';
import { serveLocally } from './mail-catcher/local-server.ts';
import type { CaughtMail } from './mail-catcher/mail.ts';
import { openMailStore } from './mail-catcher/mail-store.ts';
import { createMailRoutes } from './mail-catcher/routes.ts';
import { catchMails } from './mail-catcher/smtp.ts';

export type { CaughtMail } from './mail-catcher/mail.ts';

/** Options of `startMailCatcher`. */
export interface MailCatcherOptions {
  /** Folder of the mails, made when missing. */
  readonly dir: string;
  /** @default a free one */
  readonly smtpPort?: number | undefined;
  /** @default a free one */
  readonly httpPort?: number | undefined;
  readonly log: Log;
  readonly now: () => Date;
}

/** A running mail catcher. */
export interface MailCatcher {
  readonly smtpUrl: string;
  readonly smtpPort: number;
  /** The page that shows the mails. */
  readonly url: string;
  readonly httpPort: number;
  /** All mails, newest first. */
  mails(): Promise<readonly CaughtMail[]>;
  /** A mail byte for byte as it came; null where there is none with this id. */
  raw(id: string): Promise<Uint8Array | null>;
  close(): Promise<void>;
}

/**
 * Starts an SMTP server that keeps every mail and sends none, and a page that shows them, both on loopback. A mail is on
 * disk before the server says 250, up to 10 MiB; those of earlier starts are there again.
 */
export async function startMailCatcher({ dir, smtpPort, httpPort, log, now }: MailCatcherOptions): Promise<MailCatcher> {
  const store = await openMailStore({ dir, now });
  const smtp = await catchMails({ port: smtpPort, store, log });
  const smtpUrl = `smtp://127.0.0.1:${smtp.port}`;
  const web = await serveLocally({ port: httpPort, handle: createMailRoutes({ store, smtpUrl }), log, component: 'mail-catcher' }).catch(
    async (error: unknown) => {
      await smtp.close();
      throw error;
    },
  );
  log.info({ component: 'mail-catcher', port: smtp.port, url: web.url }, 'the mail catcher is ready');
  return {
    smtpUrl,
    smtpPort: smtp.port,
    url: web.url,
    httpPort: web.port,
    async mails() {
      const mails = await Promise.all(store.list().map(({ id }) => store.read(id)));
      return mails.filter((mail) => mail !== null);
    },
    raw: (id) => store.raw(id),
    async close() {
      await web.close();
      await smtp.close();
    },
  };
}

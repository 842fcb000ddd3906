import { Readable } from 'node:stream';
import nodemailer, { type SMTPTransportOptions } from 'nodemailer';
import type { RenderMail } from './mail-templates.ts';
import { toMailFailure } from './mail-failure.ts';

/** One mail to one person. */
export interface Mail {
  /** A single address, already judged by the event's schema. */
  readonly to: string;
  /** A folder of `templates/`. */
  readonly template: string;
  readonly variables: object;
  /** Makes the Message-ID: the same key gives the same one. */
  readonly key: string;
  /** The fact's time, not the clock's, so that a mail sent again is equal byte for byte. */
  readonly date: Date;
  /** Awaited before the final dot can go out: until it resolves, the server cannot have taken the mail. */
  readonly onSending: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** What the server said. */
export interface MailReceipt {
  readonly messageId: string;
  /** The server's reply to the mail, cut to 200 characters. */
  readonly reply: string;
}

/** Sends mails by SMTP. */
export interface Mailer {
  /**
   * Resolves when the server has taken the mail. Throws an `EffectFailure` that tells whether the mail may have gone out:
   * surely not before `onSending` resolved or after a refusal, else unknown (RFC 1047).
   */
  send(mail: Mail): Promise<MailReceipt>;
}

/** How to reach the server, and who sends. */
export interface MailerOptions {
  /** `smtp://user:password@host:port` or `smtps://…`. */
  readonly smtpUrl: string;
  /** One mailbox: `Shop <orders@shop.example>`. */
  readonly from: string;
  /** Right part of every Message-ID. */
  readonly messageIdDomain: string;
  readonly render: RenderMail;
}

/** Limits of one sending, in milliseconds; the server's time after the final dot is the longest of them. */
const TIMEOUTS = { connectionTimeout: 5_000, greetingTimeout: 5_000, dnsTimeout: 5_000, socketTimeout: 20_000 } as const;

/** Makes a mailer. A connection a mail: a pool would make it unclear which mail a broken connection had carried. */
export function createMailer({ smtpUrl, from, messageIdDomain, render }: MailerOptions): Mailer {
  const transport: SMTPTransportOptions = { url: smtpUrl, ...TIMEOUTS, disableFileAccess: true, disableUrlAccess: true };
  return {
    async send({ to, template, variables, key, date, onSending, signal }) {
      const { subject, text, html } = await render(template, variables);
      const messageId = `<${key}@${messageIdDomain}>`;
      let sending = false;
      const transporter = nodemailer.createTransport(transport);
      transporter.use('stream', (mail, done) => {
        mail.message.processFunc((message) =>
          holdEnd(message, async () => {
            await onSending();
            sending = true;
          }),
        );
        done();
      });
      try {
        const info = await transporter.sendMail({
          from,
          to: { name: '', address: to },
          subject,
          text,
          html,
          messageId,
          date,
          baseBoundary: key,
          signal,
        });
        return { messageId, reply: info.response.slice(0, 200) };
      } catch (error) {
        throw toMailFailure(error, sending);
      } finally {
        transporter.close();
      }
    },
  };
}

/**
 * Passes a message on, but lets its end through only when `before` has resolved; the final dot comes after the end. Nothing
 * of it is read before the server has answered DATA: a transform would flush as soon as the message fits its buffers.
 */
function holdEnd(message: Readable, before: () => Promise<void>): Readable {
  return Readable.from(
    (async function* () {
      yield* message;
      await before();
    })(),
    { objectMode: false },
  );
}

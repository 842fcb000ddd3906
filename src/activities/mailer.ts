import { Readable } from 'node:stream';
import nodemailer, { type SMTPTransportOptions } from 'nodemailer';
import { HooklineError } from '../contracts/errors.ts';
import { NO_METER, type Meter } from '../contracts/metrics.ts';
import type { AdapterName } from '../store/stops.ts';
import { composeMail } from './compose-mail.ts';
import { EffectFailure } from './effect-failure.ts';
import { toMailFailure } from './mail-failure.ts';
import type { RenderMail } from './mail-templates.ts';

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
  readonly onSending: (adapter: AdapterName) => Promise<void>;
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
  /** Awaited before the server is reached for; where it throws, it is not. @default every mail may be tried */
  readonly onConnecting?: () => Promise<void>;
  /** @default measures nothing */
  readonly meter?: Meter;
}

/** Limits of one sending, in milliseconds; the server's time after the final dot is the longest of them. */
const TIMEOUTS = { connectionTimeout: 5_000, greetingTimeout: 5_000, dnsTimeout: 5_000, socketTimeout: 20_000 } as const;

/** Makes a mailer. A connection a mail: a pool would make it unclear which mail a broken connection had carried. */
export function createMailer({ smtpUrl, onConnecting, meter = NO_METER, ...sender }: MailerOptions): Mailer {
  const transport: SMTPTransportOptions = { url: smtpUrl, ...TIMEOUTS, disableFileAccess: true, disableUrlAccess: true };
  return {
    async send(mail) {
      const composed = await composeMail(mail, sender);
      await onConnecting?.();
      let sending = false;
      let refused: unknown;
      const transporter = nodemailer.createTransport(transport);
      transporter.use('stream', ({ message }, done) => {
        message.processFunc((content) =>
          holdEnd(content, async () => {
            await mail.onSending('mail').catch((error: unknown) => {
              refused = error;
              throw new Error('the mail may not go out'); // nodemailer writes a code of its own into whatever it is thrown
            });
            sending = true;
          }),
        );
        done();
      });
      try {
        const { response } = await transporter.sendMail({ ...composed, signal: mail.signal });
        meter.count('hookline_mails_total', { outcome: 'sent' });
        return { messageId: composed.messageId, reply: response.slice(0, 200) };
      } catch (error) {
        if (refused instanceof HooklineError) throw refused;
        const failure = toMailFailure(error, sending);
        meter.count('hookline_mails_total', { outcome: outcomeOf(failure) });
        throw failure;
      } finally {
        transporter.close();
      }
    },
  };
}

/**
 * Makes a mailer for test traffic: it renders and composes each mail whole, fails where that cannot be done, and sends none. Its receipt
 * is as a server's would be, and says that nothing was sent.
 */
export function createDryMailer({ meter = NO_METER, ...sender }: Omit<MailerOptions, 'smtpUrl' | 'onConnecting'>): Mailer {
  return {
    async send(mail) {
      const composed = await composeMail(mail, sender);
      const transporter = nodemailer.createTransport({
        streamTransport: true,
        buffer: true,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const { envelope } = await transporter.sendMail({ ...composed });
      // what a server would be asked before anything else
      if (envelope.to.length === 0) throw new EffectFailure('mail.unavailable', { expected: 'a recipient', got: 'none', happened: 'no' });
      meter.count('hookline_mails_total', { outcome: 'dry' });
      return { messageId: composed.messageId, reply: '250 nothing was sent: test traffic' };
    },
  };
}

function outcomeOf(failure: HooklineError): 'refused' | 'unavailable' | 'unknown' {
  if (failure instanceof EffectFailure && failure.happened === 'unknown') return 'unknown';
  return failure.code === 'mail.refused' ? 'refused' : 'unavailable';
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

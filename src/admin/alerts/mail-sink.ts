import { createMailer } from '../../activities/mailer.ts';
import type { MailerOptions } from '../../activities/mailer.ts';
import type { AlertSink } from './alert-sink.ts';
import { writeMessage } from './write-message.ts';

/** Whom to mail, and how. */
export interface MailSinkOptions extends Pick<MailerOptions, 'smtpUrl' | 'from' | 'messageIdDomain'> {
  /** One operator's address. */
  readonly to: string;
}

/** Mails alerts to one operator, as plain text: nobody sees who else is told, and a wrong address stands in nobody's way. */
export function createMailSink({ to, ...sender }: MailSinkOptions): AlertSink {
  return {
    name: `mail:${to}`,
    kind: 'mail',
    async send({ id, madeAt, items }, signal) {
      const mailer = createMailer({ ...sender, render: async () => ({ ...writeMessage(items), html: '' }) });
      await mailer.send({ to, template: 'alert', variables: {}, key: `alert-${id}`, date: madeAt, onSending: async () => {}, signal });
    },
  };
}

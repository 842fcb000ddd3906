import type { RenderMail } from './mail-templates.ts';
import type { Mail, MailerOptions } from './mailer.ts';

/** A mail as nodemailer takes it. */
export interface ComposedMail {
  readonly from: string;
  readonly to: { readonly name: ''; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly date: Date;
  readonly baseBoundary: string;
}

/** Renders a mail and makes its headers; all of it depends on the mail alone, so that one sent again is equal byte for byte. */
export async function composeMail(
  { to, template, variables, key, date }: Omit<Mail, 'onSending' | 'signal'>,
  { from, messageIdDomain, render }: Pick<MailerOptions, 'from' | 'messageIdDomain'> & { readonly render: RenderMail },
): Promise<ComposedMail> {
  const { subject, text, html } = await render(template, variables);
  return { from, to: { name: '', address: to }, subject, text, html, messageId: `<${key}@${messageIdDomain}>`, date, baseBoundary: key };
}

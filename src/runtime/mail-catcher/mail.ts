import PostalMime, { type Address } from 'postal-mime';

/** A mail that was caught. */
export interface CaughtMail {
  readonly id: string;
  /** ISO 8601. */
  readonly receivedAt: string;
  /** What the sender said in SMTP; the mail's own headers may say something else. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly messageId: string | null;
  /** ISO 8601, or as it stands where that is no date. */
  readonly date: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text: string | null;
  readonly html: string | null;
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly sizeBytes: number }[];
  readonly sizeBytes: number;
}

/** What a list shows of a mail. */
export type MailSummary = Pick<CaughtMail, 'id' | 'receivedAt' | 'from' | 'to' | 'subject' | 'messageId' | 'sizeBytes'>;

/** What is known before a mail is read. */
export interface MailSource {
  readonly id: string;
  readonly receivedAt: string;
  readonly envelope: CaughtMail['envelope'];
  /** As it came over SMTP. */
  readonly raw: Uint8Array;
}

/** Reads a mail; one that cannot be read keeps its envelope and says so in its subject. Never throws. */
export async function readMail({ id, receivedAt, envelope, raw }: MailSource): Promise<CaughtMail> {
  const known = { id, receivedAt, envelope, sizeBytes: raw.byteLength };
  try {
    const mail = await PostalMime.parse(raw);
    return {
      ...known,
      from: mail.from === undefined ? envelope.from : toText(mail.from),
      to: (mail.to ?? []).map(toText).join(', ') || envelope.to.join(', '),
      subject: mail.subject ?? '',
      messageId: mail.messageId ?? null,
      date: mail.date ?? null,
      headers: mail.headers.map(({ originalKey, value }) => [originalKey, value] as const),
      text: mail.text ?? null,
      html: mail.html ?? null,
      attachments: mail.attachments.map(({ filename, mimeType, content }) => ({
        name: filename ?? 'unnamed',
        type: mimeType,
        sizeBytes: typeof content === 'string' ? content.length : content.byteLength,
      })),
    };
  } catch {
    return {
      ...known,
      from: envelope.from,
      to: envelope.to.join(', '),
      subject: '(this mail cannot be read)',
      messageId: null,
      date: null,
      headers: [],
      text: null,
      html: null,
      attachments: [],
    };
  }
}

/** What a list shows of a mail. */
export function toSummary({ id, receivedAt, from, to, subject, messageId, sizeBytes }: CaughtMail): MailSummary {
  return { id, receivedAt, from, to, subject, messageId, sizeBytes };
}

function toText(address: Address): string {
  if (address.address === undefined) return `${address.name}: ${address.group.map(toText).join(', ')}`;
  return address.name === '' ? address.address : `${address.name} <${address.address}>`;
}

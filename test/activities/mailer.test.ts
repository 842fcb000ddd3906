import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createMailTemplates } from '../../src/activities/mail-templates.ts';
import { createMailer, type Mail } from '../../src/activities/mailer.ts';

/** What a scripted SMTP server does at its points. */
interface Script {
  readonly atRecipient?: string;
  /** Text of the reply after the final dot, or `drop` to end the connection in its place. */
  readonly afterDot?: string | 'drop';
  readonly dropInData?: boolean;
}

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

/** A real SMTP server on a socket, of the few lines that it takes to misbehave on purpose. */
async function startSmtp({ atRecipient = '250 ok', afterDot = '250 taken', dropInData = false }: Script = {}): Promise<{ url: string; received: string[] }> {
  const received: string[] = [];
  const server = createServer((socket: Socket) => {
    let data: string | null = null;
    let rest = '';
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    socket.on('error', () => {});
    say('220 ready');
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      rest += chunk;
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (data !== null) {
          if (dropInData) return void socket.destroy();
          if (line !== '.') data += `${line}\r\n`;
          else {
            received.push(data);
            data = null;
            if (afterDot === 'drop') return void socket.destroy();
            say(afterDot);
          }
        } else if (/^EHLO|^MAIL/i.test(line)) say('250 ok');
        else if (/^RCPT/i.test(line)) say(atRecipient);
        else if (/^DATA/i.test(line)) {
          data = '';
          say('354 go on');
        } else if (/^QUIT/i.test(line)) {
          say('221 bye');
          socket.end();
        } else say('250 ok');
      }
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { url: `smtp://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`, received };
}

const order = {
  id: 'shop:1', number: '#1001', customer: { email: 'ada@example.com', name: '<b>Ada</b> & {{ order.id }}' },
  lines: [{ sku: 'MUG', title: 'Mug <script>', quantity: 2, unitPrice: null }], total: { amount: 24.5, currency: 'EUR' },
  createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z',
};
const mailOf = (overrides: Partial<Mail> = {}): Mail => ({
  to: 'ada@example.com', template: 'order-confirmation', variables: { order, short: [] }, key: 'k1', date: new Date('2026-01-01T00:00:00Z'),
  onSending: async () => {}, signal: new AbortController().signal, ...overrides,
});
const mailerFor = (smtpUrl: string) => createMailer({ smtpUrl, from: 'Shop <shop@example.com>', messageIdDomain: 'example.com', render: createMailTemplates() });

describe('createMailer', () => {
  it('sends one mail with a Message-ID and a Date of its own making', async () => {
    const smtp = await startSmtp();
    expect(await mailerFor(smtp.url).send(mailOf())).toEqual({ messageId: '<k1@example.com>', reply: '250 taken' });
    expect(smtp.received).toHaveLength(1);
    expect(smtp.received[0]).toContain('Message-ID: <k1@example.com>');
    expect(smtp.received[0]).toContain('Date: Thu, 01 Jan 2026 00:00:00 +0000');
  });

  it('makes a mail that is sent again equal byte for byte', async () => {
    const smtp = await startSmtp();
    await mailerFor(smtp.url).send(mailOf());
    await mailerFor(smtp.url).send(mailOf());
    expect(smtp.received[1]).toBe(smtp.received[0]);
  });

  it('says that it is sending before the server can have the mail', async () => {
    const smtp = await startSmtp();
    let atSending = -1;
    await mailerFor(smtp.url).send(mailOf({ onSending: async () => void (atSending = smtp.received.length) }));
    expect([atSending, smtp.received.length]).toEqual([0, 1]);
  });

  it('sends nothing when it may not', async () => {
    const smtp = await startSmtp();
    const refused = mailerFor(smtp.url).send(mailOf({ onSending: () => Promise.reject(new Error('fenced')) }));
    await expect(refused).rejects.toMatchObject({ happened: 'no' });
    expect(smtp.received).toEqual([]);
  });

  it.each([
    ['a refused recipient', { atRecipient: '550 no such user' }, { code: 'mail.refused', happened: 'no' }],
    ['a recipient put off', { atRecipient: '450 later' }, { code: 'mail.unavailable', happened: 'no' }],
    ['a refusal after the dot', { afterDot: '554 spam' }, { code: 'mail.refused', happened: 'no' }],
    ['a server that is full after the dot', { afterDot: '452 full' }, { code: 'mail.unavailable', happened: 'no' }],
    ['a connection lost after the dot', { afterDot: 'drop' }, { code: 'mail.unavailable', happened: 'unknown' }],
  ] as const)('tells %s for what it is', async (_name, script, expected) => {
    const smtp = await startSmtp(script);
    await expect(mailerFor(smtp.url).send(mailOf())).rejects.toMatchObject(expected);
  });

  it('knows that nothing was sent when nobody listens', async () => {
    await expect(mailerFor('smtp://127.0.0.1:1').send(mailOf())).rejects.toMatchObject({ code: 'mail.unavailable', happened: 'no' });
  });

  it('never quotes an address in an error', async () => {
    const smtp = await startSmtp({ atRecipient: '550 <ada@example.com> unknown' });
    const error = await mailerFor(smtp.url).send(mailOf()).catch((thrown: unknown) => thrown);
    expect(`${String(error)} ${JSON.stringify(error)} ${error instanceof Error ? String(error.cause) : ''}`).not.toContain('ada@');
  });
});

describe('createMailTemplates', () => {
  it('takes variables for data: escaped in HTML, never read as a template', async () => {
    const { subject, text, html } = await createMailTemplates()('order-confirmation', { order, short: [] });
    expect(subject).toBe('Order #1001 confirmed');
    expect(html).toContain('&lt;b&gt;Ada&lt;/b&gt; &amp; {{ order.id }}');
    expect(html).not.toContain('<script>');
    expect(text).toContain('2 × Mug <script> (MUG)');
  });

  it('says what follows later', async () => {
    const { subject, text } = await createMailTemplates()('order-confirmation', { order, short: [{ sku: 'MUG', wanted: 2, held: 1 }] });
    expect(subject).toContain('part of it follows later');
    expect(text).toContain('1 × MUG');
  });

  it('keeps line breaks and other control characters out of the subject', async () => {
    const { subject } = await createMailTemplates()('order-confirmation', { order: { ...order, number: '#1\r\nBcc: eve@example.com' }, short: [] });
    expect(subject).toBe('Order #1 Bcc: eve@example.com confirmed');
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { createMailTemplates } from '../../src/activities/mail-templates.ts';
import { ActionPaused } from '../../src/activities/action-paused.ts';
import { createDryMailer, createMailer, type Mail, type MailerOptions } from '../../src/activities/mailer.ts';
import { NO_METER, type Meter } from '../../src/contracts/metrics.ts';
import { startScriptedSmtp, type ScriptedSmtp, type SmtpScript } from '../support/scripted-smtp.ts';

const servers: ScriptedSmtp[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function startSmtp(script: Partial<SmtpScript> = {}): Promise<ScriptedSmtp> {
  const server = await startScriptedSmtp(script);
  servers.push(server);
  return server;
}

const order = {
  id: 'shop:1',
  number: '#1001',
  customer: { email: 'ada@example.com', name: '<b>Ada</b> & {{ order.id }}' },
  lines: [{ sku: 'MUG', title: 'Mug <script>', quantity: 2, unitPrice: null }],
  total: { amount: 24.5, currency: 'EUR' },
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
};
const mailOf = (overrides: Partial<Mail> = {}): Mail => ({
  to: 'ada@example.com',
  template: 'order-confirmation',
  variables: { order, short: [] },
  key: 'k1',
  date: new Date('2026-01-01T00:00:00Z'),
  onSending: async () => {},
  signal: new AbortController().signal,
  ...overrides,
});
const sender = { from: 'Shop <shop@example.com>', messageIdDomain: 'example.com', render: createMailTemplates() };
const mailerFor = (smtpUrl: string, more: Partial<MailerOptions> = {}) => createMailer({ smtpUrl, ...sender, ...more });
const paused = (): ActionPaused => new ActionPaused({ verb: 'pause', kind: 'adapter', name: 'mail', ageMs: 0 });

/** A meter that keeps which outcomes of mails were counted. */
function createMailCounts(): { readonly meter: Meter; readonly outcomes: readonly string[] } {
  const outcomes: string[] = [];
  const count: Meter['count'] = (name, labels) => {
    if (name === 'hookline_mails_total') outcomes.push(String(Object.values(labels)));
  };
  return { meter: { ...NO_METER, count }, outcomes };
}

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

  it.each([['550 no such user'], ['450 later']])(
    'never says that it is sending when the server answers %s to the recipient',
    async (atRecipient) => {
      const smtp = await startSmtp({ atRecipient, thinkMs: 100 });
      let said = 0;
      await expect(mailerFor(smtp.url).send(mailOf({ onSending: async () => void (said += 1) }))).rejects.toThrow();
      expect(said).toBe(0);
    },
  );

  it('sends nothing when it may not', async () => {
    const smtp = await startSmtp();
    const refused = mailerFor(smtp.url).send(mailOf({ onSending: () => Promise.reject(new Error('fenced')) }));
    await expect(refused).rejects.toMatchObject({ happened: 'no' });
    expect(smtp.received).toEqual([]);
  });

  it('names its adapter when it asks whether it may send, and says why it may not', async () => {
    const smtp = await startSmtp();
    const asked: string[] = [];
    const refused = mailerFor(smtp.url).send(
      mailOf({
        onSending: async (adapter) => {
          asked.push(adapter);
          throw paused();
        },
      }),
    );
    await expect(refused).rejects.toMatchObject({ code: 'action.paused' });
    expect([asked, smtp.received]).toEqual([['mail'], []]);
  });

  it('connects to nobody while it may not', async () => {
    const refused = mailerFor('smtp://127.0.0.1:1', { onConnecting: () => Promise.reject(paused()) }).send(mailOf());
    await expect(refused).rejects.toMatchObject({ code: 'action.paused' });
  });

  it.each([
    ['sent', {}, {}],
    ['refused', { atRecipient: '550 no such user' }, {}],
    ['unavailable', { atRecipient: '450 later' }, {}],
    ['unknown', { afterDot: 'drop' }, {}],
    ['nothing while it is paused', {}, { onSending: () => Promise.reject(paused()) }],
  ] as const)('counts what has become of a mail: %s', async (outcome, script, mail) => {
    const smtp = await startSmtp(script);
    const { meter, outcomes } = createMailCounts();
    await mailerFor(smtp.url, { meter })
      .send(mailOf(mail))
      .catch(() => undefined); // some of them fail, which other tests look at
    expect(outcomes).toEqual(outcome.startsWith('nothing') ? [] : [outcome]);
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
    const error = await mailerFor(smtp.url)
      .send(mailOf())
      .catch((thrown: unknown) => thrown);
    expect(`${String(error)} ${JSON.stringify(error)} ${error instanceof Error ? String(error.cause) : ''}`).not.toContain('ada@');
  });
});

describe('createDryMailer', () => {
  it('composes a mail and sends none, with a receipt of the same form', async () => {
    const { meter, outcomes } = createMailCounts();
    const receipt = await createDryMailer({ ...sender, meter }).send(mailOf());
    expect(receipt).toEqual({ messageId: '<k1@example.com>', reply: '250 nothing was sent: test traffic' });
    expect(outcomes).toEqual(['dry']);
  });

  it.each([
    ['a template that is not there', { template: 'no-such-template' }],
    ['nobody to send to', { to: '' }],
  ])('fails as a live one does at %s', async (_name, mail) => {
    const smtp = await startSmtp();
    const failures = await Promise.all(
      [mailerFor(smtp.url), createDryMailer(sender)].map((mailer) => mailer.send(mailOf(mail)).catch((error: unknown) => error)),
    );
    const [live, dry] = failures.map((failure) => (failure instanceof Error ? [failure.name, Reflect.get(failure, 'code')] : failure));
    expect(live).toEqual(expect.arrayContaining([expect.stringContaining('Error')]));
    expect(dry).toEqual(live);
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
    const { subject } = await createMailTemplates()('order-confirmation', {
      order: { ...order, number: '#1\r\nBcc: eve@example.com' },
      short: [],
    });
    expect(subject).toBe('Order #1 Bcc: eve@example.com confirmed');
  });
});

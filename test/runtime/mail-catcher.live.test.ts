import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import nodemailer from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { startMailCatcher, type MailCatcher } from '../../src/runtime/mail-catcher.ts';
import { silentLog } from '../support/silent-log.ts';

let dir: string;
let catcher: MailCatcher;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hookline-mails-'));
  catcher = await start();
});

afterEach(async () => {
  await catcher.close();
  await rm(dir, { recursive: true, force: true });
});

function start(): Promise<MailCatcher> {
  return startMailCatcher({ dir, log: silentLog, now: () => new Date() });
}

const ORDER = { from: 'shop@example.com', to: 'ada@example.com', subject: 'Order 1001', text: 'Thank you, Ada.' };

async function send(mail: Parameters<ReturnType<typeof nodemailer.createTransport>['sendMail']>[0] = ORDER) {
  const transport = nodemailer.createTransport({ url: catcher.smtpUrl });
  try {
    return await transport.sendMail(mail);
  } finally {
    transport.close();
  }
}

describe('the mail catcher, by SMTP', () => {
  it('keeps a mail as it came, whoever it is for', async () => {
    await send({
      raw: 'From: a@x\r\nTo: b@y\r\nSubject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <m1@x>\r\n\r\n.dotted\r\nend\r\n',
      envelope: { from: 'a@x', to: ['hidden@z', 'b@y'] },
    });
    const [mail] = await catcher.mails();
    expect(mail).toMatchObject({
      envelope: { from: 'a@x', to: ['hidden@z', 'b@y'] },
      from: 'a@x',
      to: 'b@y',
      subject: 'Grüße',
      messageId: '<m1@x>',
      text: '.dotted\r\nend\r\n'.replaceAll('\r\n', '\n'),
    });
    const raw = await catcher.raw(mail?.id ?? '');
    expect(Buffer.from(raw ?? []).toString()).toBe(
      'From: a@x\r\nTo: b@y\r\nSubject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <m1@x>\r\n\r\n.dotted\r\nend\r\n',
    );
  });

  it('has a mail on disk when it says 250', async () => {
    const { response } = await send();
    const [file] = await readdir(dir);
    expect(response).toContain(`250 `);
    expect(file).toMatch(/\.eml$/);
    expect(await readFile(join(dir, String(file)), 'utf8')).toContain('Thank you, Ada.');
  });

  it('has the mails of earlier starts, newest first, and drops halves that were never acknowledged', async () => {
    await send({ ...ORDER, subject: 'first' });
    await send({ ...ORDER, subject: 'second' });
    await catcher.close();
    await writeFile(join(dir, 'half.tmp'), 'From');
    catcher = await start();
    await send({ ...ORDER, subject: 'third' });
    expect((await catcher.mails()).map(({ subject }) => subject)).toEqual(['third', 'second', 'first']);
    expect((await catcher.mails())[2]).toMatchObject({ envelope: { from: 'shop@example.com', to: ['ada@example.com'] } });
    expect(await readdir(dir)).toHaveLength(3);
  });

  it('shows a mail that somebody has put into the folder', async () => {
    await catcher.close();
    await writeFile(join(dir, 'by-hand.eml'), 'Subject: by hand\r\n\r\nhello');
    catcher = await start();
    expect(await catcher.mails()).toMatchObject([{ id: 'by-hand', subject: 'by hand' }]);
  });

  it('refuses a mail over 10 MiB, and keeps nothing of it', async () => {
    // nodemailer does not announce the size, so it is the limit itself that is met
    const error: unknown = await send({ envelope: { from: 'a@x', to: 'b@y' }, raw: 'x'.repeat(11 * 1024 * 1024) }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ responseCode: 552 });
    expect(await catcher.mails()).toEqual([]);
    expect(await readdir(dir)).toEqual([]);
  });

  it('takes many mails at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => send({ ...ORDER, subject: `order ${index}` })));
    expect(new Set((await catcher.mails()).map(({ subject }) => subject)).size).toBe(20);
  });
});

describe('the mail catcher, on its page', () => {
  const NASTY = `<script>alert("'1'")</script>&amp;`;

  it('lists mails, newest first, and escapes all that is in them', async () => {
    await send({ ...ORDER, subject: 'older' });
    await send({ ...ORDER, subject: NASTY, to: { name: '<b>Ada</b>', address: 'ada@example.com' } });
    const page = await get('/');
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('<script>');
    expect(page.text).not.toContain('<b>Ada');
    expect(page.text).toContain('&lt;script&gt;alert(&quot;&#39;1&#39;&quot;)&lt;/script&gt;&amp;amp;');
    expect(page.text.indexOf('&lt;script&gt;')).toBeLessThan(page.text.indexOf('older'));
  });

  it('says so while there is no mail', async () => {
    expect((await get('/')).text).toContain('No mail yet.');
  });

  it('shows a mail by its HTML in a frame without any right, by its text, its headers and its source', async () => {
    await send({ ...ORDER, html: `<h1>Thank you</h1>${NASTY}` });
    const [mail] = await catcher.mails();
    const path = `/mails/${mail?.id}`;
    const page = await get(path);
    expect(page.text).toContain(`<iframe sandbox="" src="${path}/html"`);
    expect(page.text).not.toContain('<h1>Thank you</h1>');

    const frame = await get(`${path}/html`);
    expect(frame.text).toContain('<h1>Thank you</h1>');
    expect(frame.headers['content-security-policy']).toMatch(/^default-src 'none'; .*; sandbox;/);
    expect((await get(`${path}?view=text`)).text).toContain('<pre>Thank you, Ada.');
    expect((await get(`${path}?view=headers`)).text).toContain('Message-ID');
    expect((await get(`${path}?view=source`)).text).toContain('Content-Type: multipart/alternative');

    const raw = await get(`${path}/raw`);
    expect(raw.headers).toMatchObject({
      'content-type': 'message/rfc822',
      'content-disposition': `attachment; filename="${mail?.id}.eml"`,
    });
  });

  it.each(['/', '/style.css', '/api/mails', '/mails/none', '/mails/../../etc/passwd', '/mails/%2e%2e%2fsecret/raw'])(
    'answers %s with headers that allow nothing',
    async (path) => {
      const { headers } = await get(path);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
      expect(headers['content-security-policy']).toMatch(/^default-src 'none';/);
      expect(headers['content-security-policy']).not.toContain('script-src');
    },
  );

  it.each(['/mails/none', '/mails/none/raw', '/mails/..%2f..%2fetc', '/api/mails/none', '/nothing'])('has no %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  it('gives the mails to programs, and deletes them for programs and for its own button', async () => {
    await send();
    const list = JSON.parse((await get('/api/mails')).text) as { id: string }[]; // tested below
    expect(list).toMatchObject([{ to: 'ada@example.com', subject: 'Order 1001' }]);
    expect(JSON.parse((await get(`/api/mails/${list[0]?.id}`)).text)).toMatchObject({ text: 'Thank you, Ada.\n' });

    expect((await get('/api/mails', { method: 'DELETE' })).status).toBe(204);
    expect(await catcher.mails()).toEqual([]);
    expect(await readdir(dir)).toEqual([]);

    await send();
    expect(await get('/delete', { method: 'POST', headers: { origin: catcher.url } })).toMatchObject({
      status: 303,
      headers: { location: '/' },
    });
    expect(await catcher.mails()).toEqual([]);
  });

  it('lets no other site delete or read', async () => {
    await send();
    expect((await get('/delete', { method: 'POST', headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect((await get('/api/mails', { method: 'DELETE', headers: { origin: 'null' } })).status).toBe(403);
    expect((await get('/api/mails', { headers: { host: 'evil.example' } })).status).toBe(421);
    expect(await catcher.mails()).toHaveLength(1);
  });

  it('refuses other methods', async () => {
    expect(await get('/', { method: 'PUT' })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** `fetch` would mend paths and set the host by itself. */
function get(path: string, options: { readonly method?: string; readonly headers?: Record<string, string> } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: catcher.httpPort, path, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    })
      .on('error', reject)
      .end();
  });
}

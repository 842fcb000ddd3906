import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { createOutboundHttp, type OutboundHttp } from '../../src/activities/outbound-http.ts';
import { createTeamNotices, type TeamNotice } from '../../src/activities/team-notice.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

const now = (): Date => new Date();
let database: TestDatabase;
let http: OutboundHttp;
let receiver: Server;
let url: string;
let status = 200;
const posted: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      posted.push({ headers: request.headers, body });
      response.writeHead(status).end('ok');
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/services/T0/B0/canary`;
  database = await createDatabase();
  http = createOutboundHttp({ allow: ['127.0.0.1'], now });
});
beforeEach(() => {
  status = 200;
  posted.length = 0;
});
afterAll(async () => {
  await http.close();
  await database.close();
  receiver.close();
});

const noticeOf = (overrides: Partial<TeamNotice> = {}): TeamNotice => ({
  key: randomUUID(),
  subject: 'desk:77',
  text: 'Ticket HELP-77 is escalated: priority urgent, desk:77\n<!channel> & <https://evil.example|click>',
  metadata: { event_type: 'ticket_escalated', event_payload: { ticket_id: 'desk:77', escalation: 1 } },
  onSending: async () => {},
  signal: new AbortController().signal,
  ...overrides,
});
const teamOf = (options: { readonly url?: string; readonly secret?: string } = { url }) =>
  createTeamNotices({ url: options.url, secret: options.secret, http, db: database.pool, now });
const keptOf = async (key: string): Promise<readonly unknown[]> =>
  (
    await database.pool.query({
      name: 'test.notices',
      text: 'SELECT subject, text, posted_to FROM team_notices WHERE key = $1',
      values: [key],
    })
  ).rows;

describe('createTeamNotices', () => {
  it('keeps a notice in our own table alone where the team has no URL', async () => {
    const notice = noticeOf({ onSending: () => Promise.reject(new Error('nothing is sent')) });
    expect(await teamOf({}).tell(notice)).toEqual({ status: null });
    expect(await keptOf(notice.key)).toEqual([{ subject: 'desk:77', text: notice.text, posted_to: null }]);
    expect(posted).toEqual([]);
  });

  it('posts what Slack takes, in which nothing is a command, and keeps the notice without the secret path', async () => {
    const notice = noticeOf();
    expect(await teamOf().tell(notice)).toEqual({ status: 200 });
    expect(JSON.parse(posted[0]?.body ?? '')).toEqual({
      text: 'Ticket HELP-77 is escalated: priority urgent, desk:77\n&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;',
      metadata: notice.metadata,
    });
    expect(posted[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': notice.key });
    expect(await keptOf(notice.key)).toEqual([{ subject: 'desk:77', text: notice.text, posted_to: new URL(url).origin }]);
  });

  it('posts again under the same key, equal byte for byte, and keeps one notice', async () => {
    const notice = noticeOf();
    await teamOf().tell(notice);
    await teamOf().tell(notice);
    expect(posted.map(({ headers, body }) => [headers['idempotency-key'], body])).toEqual(
      [posted[0], posted[0]].map(() => [notice.key, posted[0]?.body]),
    );
    expect(await keptOf(notice.key)).toHaveLength(1);
  });

  it('says that it is sending before anything can arrive', async () => {
    let arrived = -1;
    await teamOf().tell(noticeOf({ onSending: async () => void (arrived = posted.length) }));
    expect([arrived, posted.length]).toEqual([0, 1]);
  });

  it('signs by Standard Webhooks where the team has a secret', async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    await teamOf({ url, secret }).tell(noticeOf());
    expect(() => new Webhook(secret).verify(posted[0]?.body ?? '', posted[0]?.headers as Record<string, string>)).not.toThrow(); // no header of it is doubled
  });

  it.each([
    [400, 'http.refused'],
    [503, 'http.unavailable'],
  ])('fails at a %i with %s, and names no more of the URL than its origin', async (answer, code) => {
    status = answer;
    const failure: unknown = await teamOf()
      .tell(noticeOf())
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, happened: 'no' });
    expect(String(failure)).not.toContain('canary');
  });
});

import { createRequire } from 'node:module';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Source } from '../../src/contracts/webhook.ts';
import { openRaw, toBytes } from '../support/raw-http.ts';
import type { RawResponse } from '../support/raw-http.ts';
import { SECRET, sign } from './ingress-fixture.ts';
import { startStoredIngress } from './stored-ingress.ts';
import type { StoredIngress } from './stored-ingress.ts';

/** One kind of webhook in GitHub's own corpus. */
interface Webhook {
  readonly name: string;
  readonly examples: readonly unknown[];
}

interface Post {
  readonly id: string;
  readonly type: string;
  readonly body: string;
}

const GITHUB: Source = {
  name: 'github',
  provider: 'hookline',
  secrets: [SECRET],
  options: { id: { header: 'X-GitHub-Delivery' }, type: { header: 'X-GitHub-Event' }, data: { pointer: '' } },
};

const require = createRequire(import.meta.url);
const corpora = ['api.github.com', 'ghes-31', 'ghes-32', 'ghes-33', 'ghes-34', 'ghes-35'];
const posts = corpora.flatMap((corpus): Post[] =>
  (require(`@octokit/webhooks-examples/${corpus}/index.json`) as readonly Webhook[]) // the package's types cover its main file alone
    .flatMap(({ name, examples }) =>
      examples.map((example, index) => ({
        id: `${corpus.replaceAll('.', '-')}-${name}-${index}`,
        type: name,
        body: JSON.stringify(example),
      })),
    ),
);

let test: StoredIngress;
const answers = new Map<string, RawResponse>();
beforeAll(async () => {
  test = await startStoredIngress([GITHUB]);
  await Promise.all(Array.from({ length: 8 }, (_, sender) => sendAll(posts.filter((_post, index) => index % 8 === sender))));
});
afterAll(() => test.close());

async function sendAll(some: readonly Post[]): Promise<void> {
  const connection = await openRaw(test.port);
  for (const { id, type, body } of some) {
    connection.send(
      toBytes({
        path: '/webhooks/github',
        headers: [sign(body), ['X-GitHub-Delivery', id], ['X-GitHub-Event', type], ['Content-Type', 'application/json']],
        body,
      }),
    );
    answers.set(id, await connection.response());
  }
  connection.destroy();
}

describe("GitHub's own webhook corpus, through a generic source", () => {
  it('is there in full', () => {
    expect(posts.length).toBeGreaterThan(600);
    expect(new Set(posts.map(({ id }) => id)).size).toBe(posts.length);
  });

  it('is accepted: every payload 200, and ignored since no chain wants it', () => {
    for (const { id } of posts)
      expect([id, answers.get(id)?.status, answers.get(id)?.body]).toEqual([id, 200, JSON.stringify({ status: 'ignored', eventId: id })]);
  });

  it('is stored byte for byte, one delivery each', async () => {
    const rows = await test.store.deliveries.list({ source: 'github', limit: 10_000 });
    expect(rows).toHaveLength(posts.length);
    const bodies = new Map(posts.map(({ id, body }) => [id, body]));
    for (const { id, eventIds, outcome, headers } of rows) {
      const [eventId = ''] = eventIds;
      expect([eventId, outcome, (await test.store.deliveries.body(id))?.toString()]).toEqual([eventId, 'ignored', bodies.get(eventId)]);
      expect(headers).toContainEqual(['x-github-delivery', eventId]);
    }
  });

  it('is found again, each payload by its id', async () => {
    for (const { id, type } of posts) {
      expect(await test.store.events.find(id)).toMatchObject([
        { source: 'github', eventId: id, providerType: type, type: `hookline:${type}`, state: 'ignored' },
      ]);
    }
  });

  it('is a duplicate the second time, and nothing is added to the events', async () => {
    const before = (await test.store.events.list({ source: 'github', limit: 10_000 })).length;
    await sendAll(posts.slice(0, 20));
    for (const { id } of posts.slice(0, 20)) expect(answers.get(id)?.body).toBe(JSON.stringify({ status: 'duplicate', eventId: id }));
    expect(await test.store.events.list({ source: 'github', limit: 10_000 })).toHaveLength(before);
  });
});

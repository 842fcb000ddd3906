import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Source } from '../../src/contracts/webhook.ts';
import { replayEvent } from '../../src/admin/replay/replay-event.ts';
import type { Replayed } from '../../src/admin/replay/replay-event.ts';
import { envelope, ORDER } from '../suites/interpreting.ts';
import { postRaw } from '../support/raw-http.ts';
import { SECRET, sign } from './ingress-fixture.ts';
import { startStoredIngress } from './stored-ingress.ts';
import type { StoredIngress } from './stored-ingress.ts';

const source = (name: string, lists: Partial<Source>): Source => ({ name, provider: 'hookline', secrets: [SECRET], options: {}, ...lists });
const quiet = source('quiet', { exclude: ['order.*'] });

let test: StoredIngress;
beforeAll(async () => {
  test = await startStoredIngress([quiet, source('bank', { allow: ['203.0.113.0/24'] })]);
});
afterAll(() => test.close());

const post = async (name: string, id: string): Promise<{ readonly status: number; readonly body: string }> => {
  const body = JSON.stringify(envelope(ORDER, { event_id: id }));
  return postRaw(test.port, { path: `/webhooks/${name}`, headers: [sign(body), ['X-Forwarded-For', '203.0.113.9']], body });
};

async function replay(id: string, sources: readonly Source[]): Promise<Replayed> {
  const [found] = await test.store.events.find(id);
  const wish = { uuid: found?.uuid ?? '', sources, now: new Date() };
  return (await test.store.transaction((tx) => replayEvent({ ...wish, tx }))).replayed;
}

it('an event whose type is excluded is stored with its cause, stays ignored when it is sent or replayed again, and goes on once the list has changed', async () => {
  const id = randomUUID();
  expect(JSON.parse((await post('quiet', id)).body)).toEqual({ status: 'ignored', eventId: id });
  expect(JSON.parse((await post('quiet', id)).body)).toEqual({ status: 'duplicate', eventId: id });
  const [found] = await test.store.events.find(id);
  expect(found).toMatchObject({
    type: 'order.created',
    state: 'ignored',
    code: 'event.typeExcluded',
    detail: '`order.created` is excluded by `order.*`',
    runs: [],
  });

  expect(await replay(id, [quiet])).toEqual({
    did: 'nothing',
    reason: 'it is still ignored: event.typeExcluded: `order.created` is excluded by `order.*`',
    runs: [],
  });
  expect(await replay(id, [source('quiet', {})])).toMatchObject({ did: 'routed' });
  expect(await test.store.events.find(id)).toMatchObject([{ state: 'routed', code: null, runs: [{ chain: 'new-order' }] }]);
});

it('a sender that is not on the list leaves a row with the cause, and nothing else', async () => {
  expect((await post('bank', randomUUID())).status).toBe(403);
  await expect
    .poll(() => test.store.deliveries.list({ source: 'bank', limit: 10 }))
    .toMatchObject([{ outcome: 'refused', httpStatus: 403, code: 'source.addressRefused', remoteAddress: '127.0.0.1', eventIds: [] }]);
  expect(await test.store.events.list({ source: 'bank', limit: 10 })).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import { findEvent } from '../../src/cli/find-event.ts';
import { scriptedApi } from './api/scripted-api.ts';

const event = (uuid: string, source: string) => ({
  uuid,
  source,
  eventId: '1001',
  providerType: 'order.created',
  type: 'order.created',
  entity: null,
  receivedAt: '2026-07-01T12:00:00.000Z',
  test: false,
  state: 'ignored',
  code: null,
  detail: null,
  runs: [],
});
const shop = event('01a20c4b-0000-7000-8000-000000000001', 'shop');
const erp = event('01a20c4b-0000-7000-8000-000000000002', 'erp');

describe('the event that a text means', () => {
  test('is the only one that the API finds', async () => {
    const api = scriptedApi({ events: [shop] });
    expect(await findEvent(api, { text: '1001', source: 'shop' })).toMatchObject({ uuid: shop.uuid });
    expect(api.calls[0]?.path).toBe('/api/find?text=1001&source=shop');
  });

  test('may have an id with anything in it', async () => {
    const api = scriptedApi({ events: [shop] });
    expect(await findEvent(api, { text: '\u001B]0;evil\u0007' })).toMatchObject({ uuid: shop.uuid });
  });

  test('cannot be told where several have the id', async () => {
    await expect(findEvent(scriptedApi({ events: [shop, erp] }), { text: '1001' })).rejects.toMatchObject({
      code: 'cli.usage',
      message: 'cli.usage: expected the id of one event, got `1001`, which 2 have',
      fix: `add \`--source\`, or take the UUID of one: shop ${shop.uuid}, erp ${erp.uuid}`,
    });
  });

  test('is not there', async () => {
    await expect(findEvent(scriptedApi({ events: [] }), { text: '\u001B[2J', source: 'erp' })).rejects.toMatchObject({
      code: 'cli.notFound',
      message: 'cli.notFound: expected the id of an event, got `\ufffd[2J`, in source `erp`',
    });
  });
});

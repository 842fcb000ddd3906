import { describe, expect, test } from 'vitest';
import { findEvent } from '../../src/cli/find-event.ts';
import type { EventSummary } from '../../src/store/events.ts';

const event = (uuid: string, source: string, eventId: string): EventSummary => ({
  uuid,
  source,
  eventId,
  providerType: 'order.created',
  type: 'order.created',
  entity: null,
  receivedAt: new Date(0),
  test: false,
  state: 'ignored',
  code: null,
  detail: null,
  runs: [],
});
const shop = event('01a20c4b-0000-7000-8000-000000000001', 'shop', '1001');
const erp = event('01a20c4b-0000-7000-8000-000000000002', 'erp', '1001');
const byChance = event('deadbeef-0000-7000-8000-000000000003', 'shop', '7');
const exact = event('01a20c4b-0000-7000-8000-000000000004', 'shop', 'deadbeef');
const finding = (...events: readonly EventSummary[]) => ({ find: () => Promise.resolve(events) });

describe('the event that a text means', () => {
  test('is the only one that is found', async () => {
    expect(await findEvent(finding(shop), { text: '1001' })).toBe(shop);
  });

  test('is the one of the source that is named', async () => {
    expect(await findEvent(finding(shop, erp), { text: '1001', source: 'erp' })).toBe(erp);
  });

  test('is rather one with this very id than one whose UUID begins so', async () => {
    expect(await findEvent(finding(byChance, exact), { text: 'deadbeef' })).toBe(exact);
    expect(await findEvent(finding(byChance), { text: 'deadbeef' })).toBe(byChance);
  });

  test('cannot be told where several have the id', async () => {
    await expect(findEvent(finding(shop, erp), { text: '1001' })).rejects.toMatchObject({
      code: 'cli.usage',
      message: 'cli.usage: expected the id of one event, got `1001`, which 2 have',
      fix: `add \`--source\`, or take the UUID of one: shop ${shop.uuid}, erp ${erp.uuid}`,
    });
  });

  test('is not there', async () => {
    await expect(findEvent(finding(), { text: '\u001B[2J', source: 'erp' })).rejects.toMatchObject({
      code: 'cli.notFound',
      message: 'cli.notFound: expected the id of an event, got `\ufffd[2J`, in source `erp`',
    });
  });
});

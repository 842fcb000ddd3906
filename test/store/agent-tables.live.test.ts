import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAgentTables, type AgentTables } from '../../src/store/agent-tables.ts';
import { record } from '../../src/store/analytics.ts';
import { putCrmProfile } from '../../src/store/customers.ts';
import { updateEntity } from '../../src/store/entities.ts';
import { keepTeamNotice } from '../../src/store/tickets.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let tables: AgentTables;
const at = (minute: number): Date => new Date(Date.UTC(2026, 2, 1, 10, minute));

beforeAll(async () => {
  database = await createDatabase();
  tables = createAgentTables(database);
});
afterAll(() => database.close());

describe("agents' tables, as people look at them", () => {
  test('show the entities of one type by id', async () => {
    const entities = [
      { type: 'order', id: 'shop:2' },
      { type: 'order', id: 'Shop:1' },
      { type: 'user', id: 'shop:1' },
    ];
    for (const key of entities) await updateEntity(database.pool, key, () => ({ fields: { of: key.id }, versions: {} }));
    expect(await tables.entities('order')).toEqual([
      { id: 'Shop:1', fields: { of: 'Shop:1' } },
      { id: 'shop:2', fields: { of: 'shop:2' } },
    ]);
    expect(await tables.entities('ticket')).toEqual([]);
  });

  test('show how many entities of each type there are, those changed last, and one whole', async () => {
    expect(await tables.entityTypes()).toEqual([
      { type: 'order', count: 2 },
      { type: 'user', count: 1 },
    ]);
    const changed = { fields: { name: 'Ada' }, versions: { name: { time: '2026-03-01T10:00:00.000Z', rank: 0, eventId: '7 shop' } } };
    await updateEntity(database.pool, { type: 'order', id: 'Shop:1' }, () => changed);
    expect((await tables.changedEntities({ type: 'order', limit: 1 })).map(({ id }) => id)).toEqual(['Shop:1']);
    expect(await tables.entity({ type: 'order', id: 'Shop:1' })).toEqual({ id: 'Shop:1', ...changed, updatedAt: expect.any(Date) as Date });
    expect(await tables.entity({ type: 'user', id: 'Shop:1' })).toBeUndefined();
  });

  test('show the profiles of the built-in CRM', async () => {
    await putCrmProfile(database.pool, { externalId: 'shop:2', revision: 3, profile: { name: 'Ada' } });
    await putCrmProfile(database.pool, { externalId: 'shop:1', revision: 1, profile: { name: null } });
    expect(await tables.crmProfiles()).toEqual([
      { externalId: 'shop:1', revision: 1, profile: { name: null } },
      { externalId: 'shop:2', revision: 3, profile: { name: 'Ada' } },
    ]);
  });

  test('show what was counted, the newest first, with numbers for values', async () => {
    const facts = [
      { key: 'k1', name: 'order_created', subject: 'shop:1', value: 19.99, currency: 'EUR', occurredAt: at(1) },
      { key: 'k2', name: 'signed_up', subject: 'shop:2', value: 1, currency: null, occurredAt: at(2) },
    ];
    for (const fact of facts) await record(database.pool, fact);
    expect(await tables.analytics()).toEqual(facts.toReversed());
  });

  test('show what the team was told, the newest first, since a time and at most so many', async () => {
    const notices = [1, 2, 3].map((minute) => ({
      key: `n${minute}`,
      subject: 'shop:7',
      text: `notice ${minute}`,
      postedTo: minute === 1 ? null : 'https://hooks.example',
      noticedAt: at(minute),
    }));
    for (const notice of notices) await keepTeamNotice(database.pool, notice);
    expect(await tables.teamNotices({ limit: 10 })).toMatchObject(notices.toReversed());
    expect(await tables.teamNotices({ limit: 1 })).toMatchObject(notices.slice(2));
    expect(await tables.teamNotices({ since: at(2), limit: 10 })).toMatchObject(notices.slice(1).toReversed());
  });
});

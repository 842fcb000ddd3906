import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApi, type ApiFixture } from './api-fixture.ts';

let api: ApiFixture;
const uuids = new Map<string, string>();
const begun = new Date();

beforeAll(async () => {
  api = await startApi();
  const take = async (source: string, eventId: string, wish: object = {}): Promise<void> => {
    uuids.set(eventId, await api.take({ source, body: eventId, events: [{ eventId, ...wish }] }));
  };
  await take('shop', 'a1', { chains: ['new-order', 'invoice'], providerId: 'provider/A-1' });
  await take('erp', 'b1', { entity: { type: 'order', id: 'erp:7' }, type: 'order.paid' });
  await take('erp', 'b2', { state: 'quarantined', code: 'event.schemaMismatch', detail: '/lines: expected at least 1', data: null });
  await take('erp', 'b3', { state: 'held', code: 'event.held', detail: 'held by a test' });
  for (let n = 0; n < 30; n++) await take('shop', `n${String(n).padStart(2, '0')}`);
  const at = (source: string, id: string) => `(SELECT uuid FROM events WHERE source = '${source}' AND event_id = '${id}')`;
  await api.database.pool.session((session) =>
    session.run(`
      UPDATE runs SET state = 'failed', code = 'chain.bug', detail = 'it threw' WHERE chain = 'invoice';
      INSERT INTO effects (event_uuid, ledger, action, key, round, state, attempt, run_id, detail)
        SELECT e.uuid, 'new-order', 'email.send', n::text, 0, 'done', 1, 'r', NULL FROM events e, generate_series(1, 2) n WHERE e.event_id LIKE 'n%';
      INSERT INTO effects (event_uuid, ledger, action, key, round, state, attempt, run_id, detail)
        VALUES (${at('shop', 'a1')}, 'invoice', 'crm.sync', '0', 0, 'unknown', 1, 'r', 'nobody knows');
      INSERT INTO entities (type, id, fields, updated_at) SELECT 'order', 'shop:' || n, '{"number": "1"}', now() FROM generate_series(1, 25) n;
      INSERT INTO entities (type, id, fields) VALUES ('customer', 'crm:42', '{"name": "Ada"}');
      INSERT INTO team_notices (key, subject, text, noticed_at)
        SELECT 'k' || n, 'zendesk:1:' || n, 'Ticket #' || n || ' is escalated: priority high, zendesk:1:' || n, now() FROM generate_series(1, 23) n;
      INSERT INTO refusal_counters (source, cause, minute, count) VALUES ('shop', 'signature.mismatch', now(), 12), ('erp', 'signature.stale', now(), 3);
      INSERT INTO deliveries (id, source, received_at, body_sha256, body_bytes, outcome, http_status, cause, detail)
        VALUES (gen_random_uuid(), 'shop', now(), '\\x00', 2, 'refused', 401, 'signature.mismatch', 'no secret made it');`),
  );
});
afterAll(() => api.close());

type Row = Readonly<Record<string, unknown>>;

/** The ids of a list, whatever its rows are. */
async function idsOf(path: string, name: string): Promise<readonly string[]> {
  const { status, json } = await api.ask(path);
  expect({ path, status, error: json['error'] }).toEqual({ path, status: 200, error: undefined });
  return (json[name] as readonly Row[]).map(toId); // the reply's schema has seen to it
}

function toId(row: Row): string {
  const { eventId, eventIds, chain, ledger, action, key, id, ticket } = row;
  const parts = [eventId ?? eventIds, chain, ledger, action, key, id, ticket];
  return parts.flatMap((part) => (typeof part === 'string' || Array.isArray(part) ? part : [])).join(' ');
}

describe('a list of events', () => {
  test.each([
    ['source=erp', ['b3', 'b2', 'b1']],
    ['type=order.paid', ['b1']],
    ['state=quarantined', ['b2']],
    ['state=held', ['b3']],
    ['code=event.schemaMismatch', ['b2']],
    ['runState=failed', ['a1']],
    ['entityType=order&entityId=erp%3A7', ['b1']],
    ['text=AT%20LEAST', ['b2']],
    ['text=provider/A', ['a1']],
    ['text=at%20least&source=shop', []],
    ['limit=1&text=n0', ['n09']],
    [`until=${encodeURIComponent(begun.toISOString())}`, []],
    ['since=2999-01-01T00:00:00%2B02:00', []],
  ])('is narrowed by `%s`', async (query, ids) => {
    expect(await idsOf(`/api/events?${query}`, 'events')).toEqual(ids);
  });

  test('tells the same as the command line does', async () => {
    const { json } = await api.ask('/api/events?text=provider/A');
    expect(json).toEqual({
      events: [
        {
          uuid: uuids.get('a1'),
          source: 'shop',
          eventId: 'a1',
          providerType: 'order.created',
          type: 'order.created',
          entity: { type: 'order', id: 'shop:1' },
          receivedAt: expect.stringMatching(/^\d{4}-.*Z$/),
          test: false,
          state: 'routed',
          code: null,
          detail: null,
          runs: [
            {
              chain: 'invoice',
              state: 'failed',
              attempt: 1,
              code: 'chain.bug',
              workflowId: 'shop.a1.invoice',
              temporalUrl: 'http://ui.example/shop.a1.invoice',
            },
            {
              chain: 'new-order',
              state: 'pending',
              attempt: 1,
              code: null,
              workflowId: 'shop.a1.new-order',
              temporalUrl: 'http://ui.example/shop.a1.new-order',
            },
          ],
        },
      ],
      next: null,
    });
  });

  test.each([
    ['limit=0', 'query.limit'],
    ['limit=201', 'query.limit'],
    ['sourc=shop', 'query'],
    ['state=lost', 'query.state'],
    ['since=yesterday', 'query.since'],
    ['cursor=%00', 'query.cursor'],
    ['cursor=abc', 'query.cursor'],
    ['text=a%00b', 'query.text'],
    ['entityType=order', 'query'],
  ])('refuses `%s`, and says where', async (query, where) => {
    const { status, json } = await api.ask(`/api/events?${query}`);
    expect([status, json]).toMatchObject([400, { error: { code: 'api.badRequest', where } }]);
  });
});

describe('other lists', () => {
  test.each([
    ['/api/deliveries?cause=signature.mismatch', 'deliveries', 1],
    ['/api/deliveries?type=order.paid', 'deliveries', 1],
    ['/api/deliveries?event=a1', 'deliveries', 1],
    ['/api/deliveries?entityType=order&entityId=erp%3A7', 'deliveries', 1],
    ['/api/deliveries?text=NO%20SECRET', 'deliveries', 1],
    ['/api/deliveries?source=erp&outcome=held', 'deliveries', 1],
    ['/api/runs?state=failed&code=chain.bug&chain=invoice&source=shop', 'runs', 1],
    ['/api/runs?text=threw', 'runs', 1],
    ['/api/runs?type=order.paid', 'runs', 1],
    ['/api/effects?state=unknown', 'effects', 1],
    ['/api/effects?agent=crm&source=shop', 'effects', 1],
    ['/api/effects?action=email.send&text=n07', 'effects', 2],
    ['/api/effects?text=nobody%20knows', 'effects', 1],
    ['/api/entities/order?text=shop:25', 'entities', 1],
    ['/api/notices?text=1:23', 'notices', 1],
  ])('%s', async (path, name, count) => {
    expect(await idsOf(path, name)).toHaveLength(count);
  });

  test('refusals that were only counted stand beside deliveries, where they can be meant, and on the first page alone', async () => {
    const counted = async (query: string): Promise<unknown> => (await api.ask(`/api/deliveries?${query}`)).json['counted'];
    expect(await counted('')).toHaveLength(2);
    expect(await counted('outcome=refused&source=erp')).toEqual([
      { source: 'erp', code: 'signature.stale', minute: expect.any(String), count: 3 },
    ]);
    expect(await counted('cause=signature.mismatch')).toHaveLength(1);
    expect(await counted('outcome=accepted')).toEqual([]);
    expect(await counted('type=order.paid')).toEqual([]);
    const { json } = await api.ask('/api/deliveries?limit=1');
    expect(await counted(`limit=1&cursor=${String(json['next'])}`)).toEqual([]);
  });

  test('types of entities are counted, and one tells which event wrote each field', async () => {
    expect((await api.ask('/api/entities')).json).toEqual({
      types: [
        { type: 'customer', count: 1 },
        { type: 'order', count: 25 },
      ],
    });
    expect((await api.ask('/api/entities/customer/crm%3A42')).json).toEqual({
      type: 'customer',
      id: 'crm:42',
      updatedAt: expect.any(String),
      fields: [{ name: 'name', time: null, event: null }],
    });
  });

  test('sources tell what has reached them last, routes what each type leads to', async () => {
    expect((await api.ask('/api/sources')).json).toMatchObject({
      sources: [
        {
          name: 'shop',
          path: '/webhooks/shop',
          url: 'https://hooks.example/webhooks/shop',
          secrets: 1,
          newest: expect.objectContaining({ outcome: expect.any(String) }),
        },
        { name: 'erp', newest: { outcome: 'held', code: null } },
      ],
    });
    const { json } = await api.ask('/api/routes?source=shop&type=order.created');
    expect(json).toMatchObject({ routes: [{ source: 'shop', type: 'order.created', chains: [{ name: 'new-order' }], excluded: null }] });
  });

  test('a text means the event that has this very id, else those whose UUID begins so', async () => {
    const uuid = uuids.get('b1') ?? '';
    expect(await idsOf('/api/find?text=b1', 'events')).toEqual(['b1']);
    expect(await idsOf('/api/find?text=provider/A-1', 'events')).toEqual([]);
    expect(await idsOf(`/api/find?text=${uuid}`, 'events')).toEqual(['b1']);
    expect(await idsOf('/api/find?text=b1&source=shop', 'events')).toEqual([]);
    expect((await idsOf(`/api/find?text=${uuid.slice(0, 8)}`, 'events')).length).toBeGreaterThan(1);
  });
});

// The order of all lists but that of entities never changes for rows that are there; new ones come in front.
describe('pages', () => {
  const lists = [
    ['/api/deliveries', 'deliveries'],
    ['/api/events', 'events'],
    ['/api/runs', 'runs'],
    ['/api/effects', 'effects'],
    ['/api/entities/order', 'entities'],
    ['/api/notices', 'notices'],
  ] as const;

  test.each(lists)('of %s, one after another, are the whole list, whatever their size', async (path, name) => {
    const whole = await idsOf(`${path}?limit=200`, name);
    expect(whole.length).toBeGreaterThan(20);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: whole.length + 2 }), async (limit) => {
        expect(await walk(`${path}?limit=${limit}`, name, async () => {})).toEqual(whole);
      }),
      { numRuns: 6 },
    );
  });

  test('neither lose nor repeat a row where others are added meanwhile', async () => {
    const whole = await idsOf('/api/events?limit=200', 'events');
    let added = 0;
    const walked = await walk('/api/events?limit=7', 'events', async () => {
      added += 1;
      await api.take({ source: 'shop', body: `late${added}`, events: [{ eventId: `late${added}` }] });
    });
    expect(walked).toEqual(whole);
    expect(added).toBeGreaterThan(3);
  });

  async function walk(path: string, name: string, between: () => Promise<void>): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let next: unknown = ''; typeof next === 'string';) {
      const { json } = await api.ask(`${path}${next === '' ? '' : `&cursor=${next}`}`);
      ids.push(...(json[name] as readonly Row[]).map(toId)); // as above
      next = json['next'];
      await between();
    }
    return ids;
  }
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allRoutes } from '../../../src/admin/api/all-routes.ts';
import type { Route } from '../../../src/admin/api/define-route.ts';
import { PROXY, STRANGER, startApi, type ApiFixture, type Ask } from './api-fixture.ts';

// Every route of the table, from everywhere, by everybody: what is expected is told by the table's own `role` and `payloads`.

const CALLERS = {
  'no token': undefined,
  'a removed token': undefined,
  viewer: { role: 'viewer', payloads: false },
  operator: { role: 'operator', payloads: false },
  'operator with payloads': { role: 'operator', payloads: true },
  admin: { role: 'admin', payloads: false },
} as const;
type CallerName = keyof typeof CALLERS;
const RANKS = { viewer: 0, operator: 1, admin: 2 } as const;

const PLACES = {
  'this machine': { from: '127.0.0.1' },
  'this machine by IPv6': { from: '::1', headers: { host: '[::1]:8788' } },
  'a proxy of ours': { from: PROXY, headers: { host: 'admin.example', 'x-forwarded-for': '127.0.0.1' } },
  'an unknown proxy on this machine': { from: '127.0.0.1', headers: { 'x-forwarded-for': '203.0.113.1' } },
  'beyond, without TLS': { from: STRANGER, headers: { host: '203.0.113.1:8788' } },
} as const satisfies Record<string, Pick<Ask, 'from' | 'headers'>>;
type PlaceName = keyof typeof PLACES;

let api: ApiFixture;
const tokens = new Map<CallerName, string>();
let samples: Readonly<Record<string, { readonly url: string; readonly body?: unknown; readonly status?: number }>>;

beforeAll(async () => {
  api = await startApi();
  for (const name of Object.keys(CALLERS) as CallerName[]) {
    const rights = CALLERS[name];
    if (rights !== undefined) tokens.set(name, await api.token(rights));
  }
  tokens.set('a removed token', `hlk_${'A'.repeat(43)}`);
  const uuid = await api.take({ source: 'shop', events: [{ eventId: 'm1' }] });
  const [delivery] = await api.store.deliveries.list({ limit: 1 });
  await api.database.pool.query({
    name: 'test.entity',
    text: `INSERT INTO entities (type, id, fields) VALUES ('order', 'shop:1', '{"number":"1"}')`,
  });
  const settled = { eventUuid: uuid, action: 'email.send', verdict: 'sent', replay: false };
  samples = {
    'deliveries.list': { url: '/api/deliveries' },
    'deliveries.get': { url: `/api/deliveries/${delivery?.id}` },
    'deliveries.body': { url: `/api/deliveries/${delivery?.id}/body` },
    'events.list': { url: '/api/events' },
    'events.get': { url: `/api/events/${uuid}` },
    'events.release': { url: `/api/events/${uuid}/release` },
    'replays.preview': { url: `/api/events/${uuid}/replay?again=true` },
    'replays.one': { url: `/api/events/${uuid}/replay`, body: {} },
    'replays.many': { url: '/api/replays', body: { filter: { state: 'failed' } } },
    'runs.list': { url: '/api/runs' },
    'runs.get': { url: '/api/runs/shop.m1' },
    'effects.list': { url: '/api/effects' },
    'effects.toResolve': { url: `/api/effects/resolve?eventUuid=${uuid}&action=email.send`, status: 404 },
    'effects.resolve': { url: '/api/effects/resolve', body: settled, status: 404 },
    'entities.types': { url: '/api/entities' },
    'entities.list': { url: '/api/entities/order' },
    'entities.get': { url: '/api/entities/order/shop%3A1' },
    'find.events': { url: '/api/find?text=m1' },
    'why.explain': { url: '/api/why?about=m1' },
    'sources.list': { url: '/api/sources' },
    'routes.list': { url: '/api/routes' },
    'switches.list': { url: '/api/switches' },
    'switches.set': { url: '/api/switches/pause/source/shop', body: {} },
    'switches.clear': { url: '/api/switches/pause/source/shop' },
    'alerts.list': { url: '/api/alerts' },
    'notices.list': { url: '/api/notices' },
    'stock.list': { url: '/api/stock' },
    'stock.set': { url: '/api/stock', body: { levels: [{ sku: 'MUG', available: 3 }] } },
    'audit.list': { url: '/api/audit' },
    'tokens.list': { url: '/api/tokens' },
    'tokens.add': { url: '/api/tokens', body: { name: 'twice', role: 'viewer' }, status: 409 },
    'tokens.remove': { url: '/api/tokens/nobody', status: 404 },
  };
  await api.ask('/api/tokens', { method: 'POST', body: { name: 'twice', role: 'viewer' } });
});
afterAll(() => api.close());

/** What the table says. */
function expected(route: Pick<Route, 'role' | 'payloads'>, caller: CallerName, place: PlaceName): 401 | 403 | 'served' {
  if (place === 'beyond, without TLS') return 403;
  if (caller === 'a removed token') return 401;
  const rights = CALLERS[caller];
  if (rights === undefined) return place.startsWith('this machine') ? 'served' : 401;
  if (RANKS[rights.role] < RANKS[route.role]) return 403;
  return route.payloads && !rights.payloads ? 403 : 'served';
}

const cells = (Object.keys(PLACES) as PlaceName[]).flatMap((place) =>
  (Object.keys(CALLERS) as CallerName[]).map((caller) => ({ place, caller })),
);

test('every route has a sample, and every sample a route', () => {
  expect(Object.keys(samples).sort()).toEqual(allRoutes.map(({ name }) => name).sort());
});

describe.each(allRoutes.map(({ name, method, role, payloads }) => ({ name, method, role, payloads })))(
  '$name',
  ({ name, method, ...route }) => {
    test.each(cells)('from $place, by $caller', async ({ place, caller }) => {
      const { url, body, status = 200 } = samples[name] ?? { url: '' };
      const answer = await api.ask(url, { method, body, token: tokens.get(caller), ...PLACES[place] });
      const wanted = expected(route, caller, place);
      expect(answer.status).toBe(wanted === 'served' ? status : wanted);
      if (wanted === 401 || wanted === 403)
        expect(answer.json).toEqual({
          error: {
            code: wanted === 401 ? 'api.unauthenticated' : 'api.forbidden',
            message: expect.stringMatching(/^api\.(?:unauthenticated|forbidden): expected /),
            expected: expect.any(String),
            got: expect.any(String),
            where: null,
            fix: expect.any(String),
          },
        });
    });
  },
);

describe.each(['/readyz', '/metrics', '/api/openapi.json'])('%s', (url) => {
  test.each(cells)('from $place, by $caller', async ({ place, caller }) => {
    const { status } = await api.ask(url, { token: tokens.get(caller), ...PLACES[place] });
    const wanted = expected({ role: 'viewer', payloads: false }, caller, place);
    expect(status).toBe(wanted === 'served' ? 200 : wanted);
  });
});

test.each(Object.keys(PLACES) as PlaceName[])('/healthz is for everybody, from %s', async (place) => {
  expect((await api.ask('/healthz', PLACES[place])).status).toBe(200);
});

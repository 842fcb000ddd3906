import { afterEach, beforeEach, expect, it } from 'vitest';

import { createMeter } from '../../src/admin/meter.ts';
import { createHoldingInterpreter } from '../../src/ingress/hold-events.ts';
import { postRaw } from '../support/raw-http.ts';
import { SHOP, sign, startIngress, takeAsItIs, toOutcome } from './ingress-fixture.ts';
import type { TestIngress } from './ingress-fixture.ts';

const body = '{"a":1}';
const since = new Date('2026-11-24T08:00:00.000Z');
let clock = 0;
let test: TestIngress;
const meter = createMeter('ingress');

beforeEach(async () => {
  clock = Date.UTC(2026, 10, 24);
  const limited = { ...SHOP, rateLimit: { perSecond: 1, burst: 2 } };
  test = await startIngress({ sources: [limited, { ...SHOP, name: 'other' }], now: () => new Date(clock), meter });
});
afterEach(() => test.ingress.close());

const deliver = (headers = [sign(body)], source = 'shop') => postRaw(test.port, { path: `/webhooks/${source}`, headers, body });
const deliverMany = async (count: number, headers = [sign(body)]): Promise<readonly number[]> => {
  const statuses: number[] = [];
  for (let one = 0; one < count; one += 1) statuses.push((await deliver(headers)).status);
  return statuses;
};

it('answers 429 above the rate limit of a source, with the time to come again, and stores nothing of the body', async () => {
  expect(await deliverMany(2)).toEqual([200, 200]);
  const refused = await deliver();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  expect(JSON.parse(refused.body)).toEqual({
    error: 'source.rateLimited',
    message: 'the source sends more than its `rateLimit`',
    fix: 'none: the provider sends it again; raise `rateLimit` of the source where the traffic is wanted',
  });
  expect(test.recorded.deliveries).toHaveLength(2);
  expect(test.recorded.refusals).toMatchObject([
    { code: 'source.rateLimited', httpStatus: 429, body: null, detail: 'expected at most 1 deliveries/s, and 2 at once' },
  ]);
  expect(test.recorded.lines.at(-1)).toMatchObject({ level: 'warn', fields: { cause: 'source.rateLimited', http_status: 429 } });
  expect(meter.toText()).toContain('hookline_ingress_deliveries_total{source="shop",outcome="refused",cause="source.rateLimited"} 1');
});

it('takes the resend once there is room again', async () => {
  expect(await deliverMany(3)).toEqual([200, 200, 429]);
  clock += 1_000;
  expect(await deliverMany(2)).toEqual([200, 429]);
});

it('is not used up by what is not signed', async () => {
  expect(await deliverMany(20, [sign('another body')])).toEqual(Array.from({ length: 20 }, () => 401));
  expect(await deliverMany(2)).toEqual([200, 200]);
});

it('leaves other sources alone', async () => {
  await deliverMany(5);
  expect((await deliver([sign(body)], 'other')).status).toBe(200);
});

it.each([
  ['held', 'event.held'],
  ['duplicate', undefined],
] as const)('names the hold in the line of a delivery that is %s only where it has held it', async (outcome, cause) => {
  await test.ingress.close();
  const routed: typeof takeAsItIs = (request, source) => {
    const taken = takeAsItIs(request, source);
    return taken.ok ? { ok: true, events: taken.events.map((event) => ({ ...event, state: 'routed' })) } : taken;
  };
  test = await startIngress({
    interpret: createHoldingInterpreter({
      interpret: routed,
      switches: () => [{ verb: 'hold', kind: 'source', name: 'shop', since, by: 'anna', reason: null }],
    }),
    inbox: { add: async ({ events }) => events.map(({ eventId, uuid }) => toOutcome(eventId, uuid, { outcome })) },
  });
  expect(JSON.parse((await deliver()).body)).toEqual({ status: outcome, eventId: 'evt_1' });
  expect(test.recorded.lines).toMatchObject([{ message: 'delivery received', fields: { outcome, cause } }]);
});

import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createStore, type Store } from '../../src/store/store.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { startHookline, type HooklineProcess } from '../support/hookline-process.ts';
import { orderOf } from '../support/system.ts';
import { createNamespace } from '../support/temporal.ts';

const SECRET = randomBytes(32).toString('hex');
let folder: string;
let database: TestDatabase;
let namespace: Awaited<ReturnType<typeof createNamespace>>;
let ingress: HooklineProcess;
let store: Store;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-rate-'));
  [database, namespace] = await Promise.all([createDatabase(), createNamespace(inject('temporalAddress'))]);
  store = createStore({ pool: database.pool });
  const config = join(folder, 'hookline.yaml');
  await writeFile(config, toYaml());
  const env = { SHOP_SECRET: SECRET, WAREHOUSE_SECRET: `whsec_${randomBytes(32).toString('base64')}`, DATABASE_URL: database.url };
  ingress = await startHookline('ingress', { config, env });
});
afterAll(async () => {
  await ingress.kill();
  await Promise.all([database.close(), namespace.close()]);
  await rm(folder, { recursive: true, force: true });
});

const post = (id: string, secret = SECRET): Promise<Response> => {
  const body = JSON.stringify(orderOf(id));
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  return fetch(`http://127.0.0.1:${ingress.port}/webhooks/shop`, { method: 'POST', body, headers: { 'x-webhook-signature': signature } });
};

it('a source above its rate limit is told when to come again, is recorded, and its resend is taken', async () => {
  const forged = await Promise.all(Array.from({ length: 5 }, () => post(randomUUID(), 'a-secret-of-somebody-else')));
  expect(new Set(forged.map(({ status }) => status))).toEqual(new Set([401]));

  const ids = Array.from({ length: 12 }, () => randomUUID());
  const answers = await Promise.all(ids.map((id) => post(id)));
  const refused = ids.filter((_id, index) => answers[index]?.status === 429);
  const taken = answers.filter(({ status }) => status === 200);
  expect(taken.length).toBeGreaterThanOrEqual(3);
  expect(refused.length).toBeGreaterThan(5); // a slow machine may see a token or two come meanwhile
  expect(taken.length + refused.length).toBe(ids.length);
  const waits = new Set(answers.filter(({ status }) => status === 429).map(({ headers }) => headers.get('retry-after')));
  expect(waits).toEqual(new Set(['1']));

  const [id = ''] = refused;
  expect(await store.events.find(id)).toEqual([]);
  await sleep(1_000); // as the provider does, which has been told so
  expect(await (await post(id)).json()).toEqual({ status: 'accepted', eventId: id });
  const recorded = async () =>
    (await store.deliveries.list({ outcome: 'refused', limit: 100 })).filter(({ code }) => code === 'source.rateLimited');
  await expect.poll(recorded, { timeout: 5_000 }).toHaveLength(refused.length);
  expect(await recorded()).toContainEqual(
    expect.objectContaining({ httpStatus: 429, detail: 'expected at most 1 deliveries/s, and 3 at once' }),
  );
});

function toYaml(): string {
  return `
sources:
  shop: { provider: hookline, secrets: ['\${SHOP_SECRET}'], rateLimit: { perSecond: 1, burst: 3 } }
ingress: { port: 0 }
temporal: { address: '${inject('temporalAddress')}', namespace: '${namespace.namespace}' }
mail: { smtp: 'smtp://127.0.0.1:1', from: 'Shop <shop@example.com>', messageIdDomain: example.com }
warehouse: { url: 'http://127.0.0.1:1/orders', secret: '\${WAREHOUSE_SECRET}' }
`;
}

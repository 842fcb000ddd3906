import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { postRaw } from '../support/raw-http.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

let system: System;
let ingress: HooklineProcess;
beforeAll(async () => {
  system = await startSystem();
  ingress = await system.startIngress();
});
afterAll(() => system.close());

/** For every connection of the product: as a server is that was made a standby, with what it had open ended. */
async function takeWrites(does: 'on' | 'off'): Promise<void> {
  const name = new URL(system.database.url).pathname.slice(1);
  const readOnly = does === 'on' ? 'off' : 'on';
  await system.database.pool.session((session) =>
    session.run(`ALTER DATABASE ${name} SET default_transaction_read_only = ${readOnly};
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'hookline-%' AND application_name <> 'hookline-test'`),
  );
}
const adminPort = (): number => Number(new URL(String(ingress.lines.find(({ msg }) => msg === 'ready')?.['admin_url'])).port);
/** Whose answer a webhook of its own gets, and what the process says of itself. */
async function look(): Promise<object> {
  const { status } = await system.post(ingress, { ...orderOf(randomUUID()), event_type: 'of.no.chain' });
  const ready = await postRaw(adminPort(), { method: 'GET', path: '/readyz' });
  return { status, ready: ready.status, notes: (JSON.parse(ready.body) as { readonly notes: unknown }).notes }; // the form of a report
}

it('PostgreSQL takes no writes: webhooks are answered 503, the ingress is not ready and says why, and goes on once it does', async () => {
  await expect.poll(look).toEqual({ status: 200, ready: 200, notes: [] });
  await takeWrites('off');
  await expect.poll(look).toEqual({
    status: 503,
    ready: 503,
    notes: [expect.stringMatching(/^postgres: down since 20\S+Z, it takes no writes: webhooks are answered 503/)],
  });
  const refused = await postRaw(ingress.port, { path: '/webhooks/erp', body: '{}' });
  expect(refused.status).toBe(401); // who has not signed hears nothing of it
  await takeWrites('on');
  await expect.poll(look).toEqual({ status: 200, ready: 200, notes: [] });
});
